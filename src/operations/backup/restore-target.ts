import pg from 'pg';
import { OperationError, RefusedError } from '../operation-error.ts';
import { withDatabase } from '../programs/connection-environment.ts';
import { openDatabaseSession } from './database-session.ts';
import { demandFullSight } from './full-sight.ts';
import type { Manifest } from './manifest.ts';

/** Where a backup is restored to. */
export interface RestoreTarget {
  readonly dsn: string;
  readonly database: string;
  /** Whether it was made here, and may be dropped where the restore fails. */
  readonly isNew: boolean;
}

/**
 * The DSN of a target: the name of a database on the server to restore to, or a DSN without a password.
 * Throws RefusedError for anything else.
 */
export function targetDsn(into: string, restoreDsn: string | undefined): string {
  if (/^postgres(ql)?:\/\//i.test(into)) {
    const url = URL.parse(into.replace('@/', '@localhost/'));
    if (url === null || url.pathname.length < 2) {
      throw new RefusedError('--into: name a database, or give a DSN that names one');
    }
    if (url.password !== '') {
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

/**
 * Makes the database where it is missing, as the one that was backed up; one that is there must be empty. Throws
 * RefusedError where it is not, where the server is older than the one that was backed up, or the role may not.
 */
export async function prepareTarget(
  dsn: string,
  { database, serverVersion }: Manifest,
): Promise<RestoreTarget> {
  const name = decodeURIComponent(new URL(dsn.replace('@/', '@localhost/')).pathname.slice(1));
  const isNew = await createDatabase(dsn, name, database);
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  await demandFullSight(client);
  const { rows } = await client.query<{ version: string; relations: string }>(
    `select current_setting('server_version') as version,
            (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
               and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as relations`,
  );
  const { version = '0', relations = '0' } = rows[0] ?? {};
  if (relations !== '0') {
    throw new RefusedError(
      `The database ${name} is not empty (${relations} tables, indexes and views): restore into a new one beside it, then switch`,
    );
  }
  if (Number.parseInt(version, 10) < Number.parseInt(serverVersion, 10)) {
    throw new RefusedError(
      `The backup is of PostgreSQL ${serverVersion}, this server is ${version}: restore to one that is as new`,
    );
  }
  return { dsn, database: name, isNew };
}

async function createDatabase(dsn: string, name: string, like: Manifest['database']): Promise<boolean> {
  await using session = await openDatabaseSession(withDatabase(dsn, 'postgres'));
  const { client } = session;
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount !== 0) {
    return false;
  }
  const literal = (text: string): string => pg.escapeLiteral(text);
  await client
    .query(
      `create database ${pg.escapeIdentifier(name)} template template0 encoding ${literal(like.encoding)}
       lc_collate ${literal(like.collate)} lc_ctype ${literal(like.ctype)}`,
    )
    .catch((error: Error) => {
      throw new OperationError(`The database ${name} cannot be made: ${error.message}`, { cause: error });
    });
  return true;
}

/** Drops a database that was made here; ends who is connected to it. */
export async function dropTarget({ dsn, database, isNew }: RestoreTarget): Promise<void> {
  if (isNew) {
    await using session = await openDatabaseSession(withDatabase(dsn, 'postgres'));
    await session.client.query(`drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
  }
}
