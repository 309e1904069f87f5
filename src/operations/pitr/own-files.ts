import { chown, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../platform/errors/operation-error.ts';
import type { SystemUser } from '../../platform/programs/system-user.ts';
import { socketRule } from './restored-access.ts';

/** Debian keeps these two beside /etc, not in the cluster: a restored one has none. */
const ownFiles = {
  'postgresql.conf': '# Restored. What the old server had here is in its own postgresql.conf.\n',
  'pg_hba.conf':
    'local all postgres peer\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n',
} as const;

/** The rules of access while a restored server is on trial: its own are kept beside it. */
export const accessFile = 'pg_hba.restored.conf';

/**
 * Makes the files that a cluster does not start without, where it has none, and the rules of its trial. Throws OperationError
 * where one that is there cannot be read: it stays as it is.
 */
export async function writeOwnFiles(dataDirectory: string, user: SystemUser | undefined): Promise<void> {
  const own = async (name: string, text: string): Promise<void> => {
    const path = join(dataDirectory, name);
    await writeFile(path, text, { mode: 0o600 });
    await (user === undefined ? undefined : chown(path, user.uid, user.gid));
  };
  for (const [name, text] of Object.entries(ownFiles)) {
    if ((await textOf(join(dataDirectory, name))) === undefined) {
      await own(name, text);
    }
  }
  await own(accessFile, socketRule);
}

/** The rules of access once its credentials are ended: those of the server that it was, too. */
export async function writeAccess(dataDirectory: string): Promise<void> {
  const rules = await textOf(join(dataDirectory, 'pg_hba.conf'));
  await writeFile(join(dataDirectory, accessFile), `${socketRule}${rules}`);
}

/** Undefined where there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return undefined;
    }
    throw new OperationError(`${path} cannot be read (${code ?? message}), and is left as it is`, {
      cause: error,
    });
  }
}
