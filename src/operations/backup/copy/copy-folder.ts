import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from '../../../platform/database/dsn.ts';
import { copyDataDirectory, startEmbeddedPostgres } from '../../../platform/embedded-postgres/index.ts';
import { runPipe } from '../../../platform/programs/run-pipe.ts';
import {
  describeDatabase,
  inDraft,
  type MadeBackup,
  requireNoBackup,
  takeBackupLock,
} from '../create/index.ts';
import { openDatabaseSession, tableContents } from '../database/index.ts';
import { encryption, fileName, folderParts, type Manifest } from '../store/index.ts';

export interface FolderBackupOptions {
  /** Of the running server, as its superuser. */
  readonly superuserDsn: string;
  /** Absolute: METADATA_DATA_DIR of the service. */
  readonly dataDir: string;
  /** Of the service: where it is the one that is kept in that folder, it goes with it. */
  readonly secret: string | undefined;
  /** As of `BackupOptions`. */
  readonly directory: string;
  readonly recipient?: string | undefined;
  readonly version: string;
}

/** The database of the service. */
const database = 'brownie';

/**
 * Makes a backup of the embedded database while it serves, without any program of PostgreSQL that it does not bring: a copy of the folder, which is
 * started here, looked at, and stopped; so what is kept is known to start, and needs no log to. With it goes the secret that the service keeps there.
 * Throws RefusedError where another backup is being made, OperationError and EmbeddedPostgresError where it fails; nothing is kept then.
 */
export async function createFolderBackup(options: FolderBackupOptions): Promise<MadeBackup> {
  await using session = await openDatabaseSession(withDatabase(options.superuserDsn, database));
  await takeBackupLock(session.client);
  return await inDraft(options.directory, (draft, name) => fill(draft, name, options));
}

/** Looks whether one can be made, and makes none. Answers the size of the database in bytes. Throws RefusedError as `createFolderBackup` does. */
export async function examineFolderBackup({
  superuserDsn,
}: Pick<FolderBackupOptions, 'superuserDsn'>): Promise<{ bytes: number }> {
  await using session = await openDatabaseSession(withDatabase(superuserDsn, database));
  await requireNoBackup(session.client);
  const { rows } = await session.client.query<{ bytes: string }>(
    'select pg_database_size(current_database()) as bytes',
  );
  return { bytes: Number(rows[0]?.bytes ?? '0') };
}

async function fill(
  draft: string,
  name: string,
  { superuserDsn, dataDir, secret, recipient, version }: FolderBackupOptions,
): Promise<Manifest> {
  const startedAt = performance.now();
  const copy = join(draft, 'copy');
  await mkdir(copy, { mode: 0o700 });
  const parts = [folderParts.data, ...(await copyFiles(dataDir, copy, secret))];
  const [from, into] = [join(dataDir, folderParts.data), join(copy, folderParts.data)];
  const takenAt = await copyDataDirectory(superuserDsn, from, into);
  const contents = await recover(copy);
  await runPipe(
    [
      { program: 'tar', args: ['-c', '-f', '-', '-C', copy, ...parts] },
      { program: 'gzip', args: ['-1'] },
      ...encryption(recipient),
    ],
    join(draft, fileName('folder', recipient)),
  );
  await rm(copy, { recursive: true });
  return {
    format: 2,
    name,
    ...contents,
    takenAt,
    seconds: (performance.now() - startedAt) / 1000,
    brownieVersion: version,
    recipient: recipient ?? null,
    withRolePasswords: true,
  };
}

/** The files beside the data; answers their names. @NOTE a secret that was kept before another one was set opens nothing any more. */
async function copyFiles(dataDir: string, copy: string, secret: string | undefined): Promise<string[]> {
  const copied: string[] = [];
  for (const name of [folderParts.credentials, folderParts.secret]) {
    const text = await readFile(join(dataDir, name), 'utf8').catch(() => undefined);
    if (text !== undefined && (name !== folderParts.secret || text.trim() === secret)) {
      await writeFile(join(copy, name), text, { mode: 0o600 });
      copied.push(name);
    }
  }
  return copied;
}

/** Has the copy recover to the moment at which it was made, and stops it there. Answers what is in it. */
async function recover(copy: string) {
  await using server = await startEmbeddedPostgres({ directory: copy });
  await using session = await openDatabaseSession(withDatabase(server.superuserDsn, database));
  return { ...(await describeDatabase(session.client)), tables: await tableContents(session.client) };
}
