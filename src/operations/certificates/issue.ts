import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { isServerName, isSubjectName } from './names.ts';

/** A certificate and its key, PEM texts. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

export interface LeafRequest {
  readonly authority: Issued;
  readonly purpose: 'client' | 'server';
  /** Of a client: the role that it logs in as, or what the server maps to it. */
  readonly commonName: string;
  /** Host names and addresses that it vouches for. */
  readonly names: readonly string[];
  readonly days: number;
}

const authorityDays = 1825;

/** Makes an authority of its own name, so that two of them can be told apart while one follows the other. */
export async function issueAuthority(days = authorityDays): Promise<Issued> {
  const key = newKey();
  const name = `Brownie development CA ${randomBytes(4).toString('hex')}`;
  const config = [
    ...['[req]', 'distinguished_name = dn', 'x509_extensions = ca', 'prompt = no', '[dn]', `CN = ${name}`],
    ...[
      '[ca]',
      'basicConstraints = critical, CA:TRUE, pathlen:0',
      'keyUsage = critical, keyCertSign, cRLSign',
    ],
    'subjectKeyIdentifier = hash',
  ];
  return await inFolder(async (folder) => {
    const file = await folder('config', config.join('\n'));
    const certificate = await openssl([
      ...['req', '-x509', '-new', '-sha256', '-config', file, '-key', await folder('key', key)],
      ...['-days', String(days), '-set_serial', newSerial()],
    ]);
    return { certificate, key };
  });
}

/** Makes a certificate signed by an authority. Throws OperationError where a name cannot stand in one. */
export async function issueLeaf(request: LeafRequest): Promise<Issued> {
  const { authority, purpose, commonName, days } = request;
  // @NOTE what is written into a configuration of openssl must not be able to say more than a name.
  if (!isSubjectName(commonName)) {
    throw new OperationError(
      `"${commonName}" cannot be the name in a certificate: use letters, digits and any of "._@:*-", at most 64`,
    );
  }
  const key = newKey();
  const extensions = [
    'basicConstraints = critical, CA:FALSE',
    'keyUsage = critical, digitalSignature',
    `extendedKeyUsage = ${purpose}Auth`,
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    ...(request.names.length === 0
      ? []
      : [`subjectAltName = ${request.names.map(alternativeName).join(', ')}`]),
  ];
  return await inFolder(async (folder) => {
    const config = await folder('config', '[req]\ndistinguished_name = dn\n[dn]\n');
    const subject = ['-config', config, '-subj', `/CN=${commonName}`];
    const keyFile = await folder('key', key);
    const csr = await openssl(['req', '-new', '-sha256', ...subject, '-key', keyFile]);
    const certificate = await openssl([
      ...['x509', '-req', '-sha256', '-days', String(days), '-set_serial', newSerial()],
      ...['-in', await folder('csr', csr), '-extfile', await folder('extensions', extensions.join('\n'))],
      ...['-CA', await folder('ca', authority.certificate)],
      ...['-CAkey', await folder('ca-key', authority.key)],
    ]);
    return { certificate, key };
  });
}

/** P-256, as PKCS#8. */
const newKey = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

/** @NOTE positive and of at most 20 bytes (RFC 5280, section 4.1.2.2), and random: nobody has to count. */
const newSerial = (): string => `0x4${randomBytes(16).toString('hex').slice(1)}`;

function alternativeName(name: string): string {
  if (isIP(name) !== 0) {
    return `IP:${name}`;
  }
  if (!isServerName(name)) {
    throw new OperationError(`"${name}" is neither a host name nor an address`);
  }
  return `DNS:${name}`;
}

/** @NOTE mkdtemp makes it for this user alone, and each file in it as well: keys stand there for a moment. */
async function inFolder<Result>(
  work: (write: (name: string, text: string) => Promise<string>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'brownie-certificates-'));
  try {
    return await work(async (name, text) => {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs openssl, which makes what Node.js can read but not write: certificates. Keys are named by their files, never in
 * an argument. Throws OperationError with openssl's complaint.
 */
async function openssl(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd('openssl', args);
  if (code !== 0) {
    const complaint = stderr.split('\n').find((line) => /error|unable|invalid/i.test(line)) ?? stderr.trim();
    throw new OperationError(`openssl ${args[0]} failed: ${complaint}`);
  }
  return stdout;
}
