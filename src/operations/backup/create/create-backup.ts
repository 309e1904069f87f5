import { join } from 'node:path';
import type pg from 'pg';
import { connectionEnvironment } from '../../../platform/database/dsn.ts';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { runPipe } from '../../../platform/programs/run-pipe.ts';
import { openDatabaseSession, tableContents } from '../database/index.ts';
import { encryption, fileName, listFaults, type Manifest } from '../store/index.ts';
import { requireNoBackup, takeBackupLock } from './backup-lock.ts';
import { describeDatabase } from './describe-database.ts';
import { inDraft, type MadeBackup } from './in-draft.ts';
import { requireBypassRls, requireDumpVersion } from './preconditions.ts';

export interface BackupOptions {
  /** Of a role that sees every row. */
  readonly dsn: string;
  /** Holds the backups, each a folder of mode 0700; made, mode 0750, where it is missing. */
  readonly directory: string;
  /** The public key of age to encrypt for; undefined: as it is. */
  readonly recipient?: string | undefined;
  /** Whether the hashes of the roles' passwords are in it. It takes a superuser and a recipient. */
  readonly withRolePasswords?: boolean;
  /** Of this program. */
  readonly version: string;
}

/**
 * Makes a backup of a database: its rows as of one moment, the roles of its server, and a manifest with what each table
 * held at that moment. It has its name only once it is whole, on the disk and was read again.
 * Throws RefusedError where the role does not see every row, pg_dump is too old or another backup is being made;
 * OperationError where it fails. Nothing is kept then, and the backups before are as they were.
 */
export async function createBackup(options: BackupOptions): Promise<MadeBackup> {
  await using session = await openForBackup(options);
  const { client } = session;
  await takeBackupLock(client);
  return await inDraft(options.directory, (draft, name) => fill(draft, name, client, options));
}

/**
 * Looks whether a backup can be made; makes none, and stands in the way of none. Answers the size of the database in bytes, on
 * the disk of its server. Throws RefusedError as `createBackup` does.
 */
export async function examineBackup(
  options: Pick<BackupOptions, 'dsn' | 'recipient' | 'withRolePasswords'>,
): Promise<{ bytes: number }> {
  await using session = await openForBackup(options);
  const { client } = session;
  await requireNoBackup(client);
  const { rows } = await client.query<{ version: string; bytes: string }>(
    `select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`,
  );
  const { version = '', bytes = '0' } = rows[0] ?? {};
  await requireDumpVersion(version);
  return { bytes: Number(bytes) };
}

/** A session of a role that sees every row. */
async function openForBackup({
  dsn,
  recipient,
  withRolePasswords = false,
}: Pick<BackupOptions, 'dsn' | 'recipient' | 'withRolePasswords'>): ReturnType<typeof openDatabaseSession> {
  if (withRolePasswords && recipient === undefined) {
    throw new RefusedError(
      'Passwords of roles are only backed up encrypted: set METADATA_BACKUP_AGE_RECIPIENT, or leave them out',
    );
  }
  const session = await openDatabaseSession(dsn);
  try {
    await requireBypassRls(session.client);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

async function fill(
  draft: string,
  name: string,
  client: pg.Client,
  { dsn, recipient, withRolePasswords = false, version }: BackupOptions,
): Promise<Manifest> {
  const startedAt = performance.now();
  await client.query('begin isolation level repeatable read read only');
  const { rows } = await client.query<{ snapshot: string }>('select pg_export_snapshot() as snapshot');
  const description = await describeDatabase(client);
  const dumpVersion = await requireDumpVersion(description.serverVersion);

  const environment = connectionEnvironment(dsn);
  const encrypt = encryption(recipient);
  const snapshot = rows[0]?.snapshot ?? '';
  const dump = {
    program: 'pg_dump',
    args: ['--format=custom', '--no-password', '--lock-wait-timeout=30s', `--snapshot=${snapshot}`],
    environment,
  };
  // @NOTE side by side on one snapshot: the dump reads while the server counts.
  const [tables] = await Promise.all([
    tableContents(client),
    runPipe([dump, ...encrypt], join(draft, fileName('dump', recipient))),
  ]);
  await client.query('commit');

  const globals = {
    program: 'pg_dumpall',
    args: ['--globals-only', '--no-password', ...(withRolePasswords ? [] : ['--no-role-passwords'])],
    environment,
  };
  await runPipe([globals, ...encrypt], join(draft, fileName('globals', recipient)));
  if (recipient === undefined) {
    const faults = await listFaults(draft, { recipient: null, tables });
    if (faults.length > 0) {
      throw new OperationError(
        `The backup cannot be read again: ${faults.join('; ')}; nothing was kept of it`,
      );
    }
  }
  return {
    format: 1,
    name,
    ...description,
    seconds: (performance.now() - startedAt) / 1000,
    brownieVersion: version,
    dumpVersion,
    tables,
    recipient: recipient ?? null,
    withRolePasswords,
  };
}
