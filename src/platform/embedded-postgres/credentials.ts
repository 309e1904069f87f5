import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../system/write-file-durably.ts';
import { codeOf } from './embedded-postgres-error.ts';

/** What `credentials.json` holds: the port last used, and a password for each role that may log in. */
export interface Credentials {
  readonly port?: number;
  readonly passwords: Readonly<Record<LoginRole, string>>;
}

const loginRoles = ['postgres', 'brownie_owner', 'brownie_service'] as const;

/** The roles that may log in: the superuser, the owner of the tables, the service. */
type LoginRole = (typeof loginRoles)[number];

/**
 * Reads `credentials.json`, or makes one up where it is missing or unreadable as JSON: passwords are set anew at
 * every start, so a lost file costs nobody their data.
 */
export async function loadCredentials(directory: string): Promise<Credentials> {
  const file = join(directory, 'credentials.json');
  const stored = await readStored(file);
  const credentials = { ...stored.port, passwords: { ...newPasswords(), ...stored.passwords } };
  if (Object.keys(stored.passwords).length < loginRoles.length) {
    await saveCredentials(directory, credentials);
  } else {
    await chmod(file, 0o600);
  }
  return credentials;
}

/** Writes `credentials.json`, mode 0600. */
export async function saveCredentials(directory: string, credentials: Credentials): Promise<void> {
  await writeFileDurably(join(directory, 'credentials.json'), `${JSON.stringify(credentials, null, 2)}\n`);
}

/** A connection string for one role on 127.0.0.1. */
export function dsnOf({ passwords }: Credentials, role: LoginRole, port: number, database: string): string {
  return `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
}

function newPasswords(): Record<LoginRole, string> {
  const password = () => randomBytes(24).toString('base64url');
  return { postgres: password(), brownie_owner: password(), brownie_service: password() };
}

async function readStored(file: string) {
  const content = property(await readJson(file));
  const passwords = property(content('passwords'));
  const port = content('port');
  const known: Partial<Record<LoginRole, string>> = {};
  for (const role of loginRoles) {
    const password = passwords(role);
    // @NOTE Only our own alphabet: a password stands in SQL and in a URL without any escaping.
    if (typeof password === 'string' && /^[\w-]{16,}$/.test(password)) {
      known[role] = password;
    }
  }
  return { port: typeof port === 'number' ? { port } : {}, passwords: known };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

function property(value: unknown): (name: string) => unknown {
  const entries = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return (name) => entries.get(name);
}
