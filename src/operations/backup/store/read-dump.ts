import { join } from 'node:path';
import { RefusedError } from '../../../platform/errors/operation-error.ts';
import { runPipe, type Step } from '../../../platform/programs/run-pipe.ts';
import { fileName, type files } from './backup-files.ts';
import type { Manifest } from './manifest.ts';

/** The file of the private key; undefined where none is named. */
export type IdentityPath = string | undefined;

/** What pg_restore does with a dump, decrypted on the way where it is encrypted. */
export async function restoreDump(
  folder: string,
  { recipient }: Pick<Manifest, 'recipient'>,
  {
    identityPath,
    args,
    environment = {},
  }: {
    readonly identityPath?: IdentityPath;
    readonly args: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const file = join(folder, fileName('dump', recipient));
  return await runPipe(
    recipient === null
      ? [{ program: 'pg_restore', args: [...args, file], environment }]
      : [decryption(file, recipient, identityPath), { program: 'pg_restore', args, environment }],
  ).catch(throwKeyFault);
}

/** A file of a backup as text. Throws RefusedError where it is encrypted and the key is not there. */
export async function readBackupFile(
  folder: string,
  file: keyof typeof files,
  { recipient }: Pick<Manifest, 'recipient'>,
  identityPath: IdentityPath,
): Promise<string> {
  const path = join(folder, fileName(file, recipient));
  return await runPipe([decryption(path, recipient, identityPath)]).catch(throwKeyFault);
}

/** The steps that encrypt for somebody, by age; none where it is for nobody. */
export const encryption = (recipient: string | null | undefined): Step[] =>
  recipient == null ? [] : [{ program: 'age', args: ['--encrypt', '--recipient', recipient] }];

/** The step that reads a file as it was before it was encrypted, if it was. Throws RefusedError where the key is not there. */
export function decryption(file: string, recipient: string | null, identityPath: IdentityPath): Step {
  if (recipient === null) {
    return { program: 'cat', args: [file] };
  }
  if (identityPath === undefined) {
    throw new RefusedError(
      'This backup is encrypted: name the file of the private key in METADATA_BACKUP_AGE_IDENTITY_PATH',
    );
  }
  return { program: 'age', args: ['--decrypt', '--identity', identityPath, file] };
}

/** @NOTE a key that is not there, or another one, says nothing about the backup. */
export function throwKeyFault(error: Error): never {
  const [, reason] = /^age ended with .*?(no identity matched|reading ".*)/.exec(error.message) ?? [];
  throw reason === undefined
    ? error
    : new RefusedError(
        `The private key that METADATA_BACKUP_AGE_IDENTITY_PATH names does not open this backup: ${reason}`,
        { cause: error },
      );
}

/**
 * In words, what is wrong with the list of a dump: it cannot be read, or a table has no rows in it. Empty: nothing. Throws
 * RefusedError where it is encrypted and the key is not there.
 */
export async function listFaults(
  folder: string,
  manifest: Pick<Manifest, 'recipient' | 'tables'>,
  identityPath?: IdentityPath,
): Promise<string[]> {
  let list: string;
  try {
    list = await restoreDump(folder, manifest, { identityPath, args: ['--list'] });
  } catch (error) {
    if (error instanceof RefusedError) {
      throw error;
    }
    return [error instanceof Error ? error.message : String(error)];
  }
  const present = new Set(list.split('\n').flatMap(tableWithData));
  return manifest.tables.flatMap(({ name }) =>
    present.has(name.replaceAll('"', '')) ? [] : [`the rows of ${name} are not in it`],
  );
}

/** `3456; 0 16400 TABLE DATA public incidents brownie_owner` */
function tableWithData(line: string): string[] {
  const [, schema, table] = /^\d+; \d+ \d+ TABLE DATA (\S+) (\S+) /.exec(line) ?? [];
  return schema === undefined || table === undefined ? [] : [`${schema}.${table}`];
}
