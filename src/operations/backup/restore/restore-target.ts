import pg from 'pg';
import { type DsnParts, dsnAddress, readDsn, withDatabase } from '../../../platform/database/dsn.ts';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { openDatabaseSession } from '../database/index.ts';
import type { Manifest } from '../store/index.ts';
import { requireRestorer } from './restorer-rights.ts';
import { localeClause, requireLocale, requireSameLocale } from './target-locale.ts';

/** Where a backup is restored to. */
export interface RestoreTarget {
  readonly dsn: string;
  readonly database: string;
  /** Whether it was made here, and may be dropped where the restore fails. */
  readonly isNew: boolean;
  /** Whether its locale may be another one than that of the backup. */
  readonly acceptsLocale: boolean;
}

/**
 * The DSN of a target: the name of a database on the server to restore to, or a DSN without a password.
 * Throws RefusedError for anything else.
 */
export function targetDsn(into: string, restoreDsn: string | undefined): string {
  if (/^postgres(ql)?:\/\//i.test(into)) {
    const { database, password } = partsOf(into);
    if (database === undefined) {
      throw new RefusedError('--into: name a database, or give a DSN that names one');
    }
    if (password !== undefined) {
      throw new RefusedError(
        '--into: a password on a command line can be read by everybody on the machine: put the DSN into ' +
          'METADATA_BACKUP_RESTORE_DSN, and give the name of the database here',
      );
    }
    return into;
  }
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(into)) {
    throw new RefusedError(
      `--into: "${into}" is no name of a database: small letters, digits and _ , at most 63`,
    );
  }
  if (restoreDsn === undefined) {
    throw new RefusedError('Name the server to restore to in METADATA_BACKUP_RESTORE_DSN, as a superuser');
  }
  return withDatabase(restoreDsn, into);
}

function partsOf(dsn: string): DsnParts {
  try {
    return readDsn(dsn);
  } catch {
    return {};
  }
}

/**
 * Looks whether a backup can be restored there, and changes nothing. Throws RefusedError where the database is not empty, where
 * the server is away or older than the one that was backed up, where the role lacks a right that restoring takes, or where the
 * locale would be another one.
 */
export async function examineTarget(
  dsn: string,
  manifest: Manifest,
  { acceptsLocale = false } = {},
): Promise<RestoreTarget> {
  const name = readDsn(dsn).database ?? '';
  await using session = await openServer(withDatabase(dsn, 'postgres'));
  const { client } = session;
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  const isNew = rowCount === 0;
  await requireRestorer(client, manifest, isNew);
  if (!isNew) {
    await requireEmpty(dsn, name);
  }
  if (!acceptsLocale) {
    await (isNew
      ? requireLocale(client, manifest.database)
      : requireSameLocale(client, name, manifest.database));
  }
  return { dsn, database: name, isNew, acceptsLocale };
}

/** Makes the database where it is missing, as the one that was backed up. Throws OperationError where it cannot be made. */
export async function prepareTarget(target: RestoreTarget, { database: like }: Manifest): Promise<void> {
  if (!target.isNew) {
    return;
  }
  await using session = await openServer(withDatabase(target.dsn, 'postgres'));
  await session.client
    .query(
      `create database ${pg.escapeIdentifier(target.database)} template template0 ${
        target.acceptsLocale ? `encoding ${pg.escapeLiteral(like.encoding)}` : localeClause(like)
      }`,
    )
    .catch((error: Error) => {
      throw new OperationError(`The database ${target.database} cannot be made: ${error.message}`, {
        cause: error,
      });
    });
}

async function openServer(dsn: string): ReturnType<typeof openDatabaseSession> {
  return await openDatabaseSession(dsn).catch((error: NodeJS.ErrnoException) => {
    throw new RefusedError(
      `The server to restore to, ${dsnAddress(dsn, 5432)}, cannot be reached as METADATA_BACKUP_RESTORE_DSN says: ${error.message || error.code}`,
      { cause: error },
    );
  });
}

async function requireEmpty(dsn: string, name: string): Promise<void> {
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<{ relations: string }>(
    `select count(*) as relations from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  );
  const { relations = '0' } = rows[0] ?? {};
  if (relations !== '0') {
    throw new RefusedError(
      `The database ${name} is not empty (${relations} tables, indexes and views): restore into a new one beside it, then switch`,
    );
  }
}

/** Drops a database that was made here; ends who is connected to it. */
export async function dropTarget({ dsn, database, isNew }: RestoreTarget): Promise<void> {
  if (isNew) {
    await using session = await openDatabaseSession(withDatabase(dsn, 'postgres'));
    await session.client.query(`drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
  }
}
