import type pg from 'pg';
import { RefusedError } from '../../../platform/errors/operation-error.ts';

const key = `hashtextextended('brownie backup', 0)`;

/**
 * Keeps backups of a database apart. Throws RefusedError where another one is being made.
 * @NOTE held by the session: it is gone with us, however we end.
 */
export async function takeBackupLock(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ isOurs: boolean }>(`select pg_try_advisory_lock(${key}) as "isOurs"`);
  if (rows[0]?.isOurs !== true) {
    refuse();
  }
}

/** Throws RefusedError where a backup is being made. @NOTE looks, and takes nothing: a backup may begin meanwhile. */
export async function requireNoBackup(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_locks
     where locktype = 'advisory' and objsubid = 1 and granted
       and database = (select oid from pg_database where datname = current_database())
       and (classid::bigint << 32) | objid::bigint = ${key}`,
  );
  if (rowCount !== 0) {
    refuse();
  }
}

function refuse(): never {
  throw new RefusedError('Another backup of this database is being made: wait for it');
}
