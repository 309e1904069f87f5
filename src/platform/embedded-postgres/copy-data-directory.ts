import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** What a server makes anew, or what would mislead one that is started on a copy (PostgreSQL manual, 25.3.4.3). */
const emptied = new Set([
  ...['pg_dynshmem', 'pg_notify', 'pg_replslot', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'],
  'pg_wal',
]);
const leftOut = /^(postmaster\.(pid|opts)|pgsql_tmp.*|pg_internal\.init.*)$/;
const segment = /^[0-9A-F]{24}$/;

/**
 * Copies the data folder of a running server, which goes on as before. A server that is started on the copy recovers to the end of the copying:
 * everything that was committed before this was called is there. The low-level API of the manual's section 25.3.4, for the embedded PostgreSQL
 * comes without pg_basebackup.
 * @param into a new folder
 * @returns when the copying ended: ISO 8601, UTC
 * Throws pg's errors, system errors, and EmbeddedPostgresError where tables are kept outside of the folder
 */
export async function copyDataDirectory(
  superuserDsn: string,
  dataDirectory: string,
  into: string,
): Promise<string> {
  if ((await readdir(join(dataDirectory, 'pg_tblspc'))).length > 0) {
    throw new EmbeddedPostgresError(
      `${dataDirectory} has tablespaces, whose tables are elsewhere: drop them first`,
    );
  }
  const client = new Client({ connectionString: superuserDsn, application_name: 'brownie-backup' });
  client.on('error', () => {});
  await client.connect();
  try {
    // @NOTE for as long as we are connected, the log from here on is kept.
    await client.query(
      'select pg_create_physical_replication_slot($1, immediately_reserve => true, temporary => true)',
      [`brownie_backup_${process.pid}`],
    );
    const { rows: begun } = await client.query<{ first: string }>(
      `select pg_walfile_name(pg_backup_start('brownie backup', fast => true)) as first`,
    );
    await copyFolder(dataDirectory, into);
    const { rows: ended } = await client.query<{ at: string; label: string; last: string }>(
      `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
              labelfile as label, pg_walfile_name(lsn) as last
       from pg_backup_stop(wait_for_archive => false)`,
    );
    const { at = '', label = '', last = '' } = ended[0] ?? {};
    await writeFile(join(into, 'backup_label'), label, { mode: 0o600 });
    await copyLog(join(dataDirectory, 'pg_wal'), join(into, 'pg_wal'), begun[0]?.first ?? '', last);
    return at;
  } finally {
    // @NOTE a copy that was not finished ends with its session, and so does the slot.
    await client.end();
  }
}

async function copyFolder(from: string, into: string): Promise<void> {
  await mkdir(into, { mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(into, entry.name)];
    if (emptied.has(entry.name)) {
      await mkdir(target, { mode: 0o700 });
    } else if (entry.isDirectory()) {
      await copyFolder(source, target);
    } else if (!leftOut.test(entry.name)) {
      await copyFile(source, target).catch((error: unknown) => {
        // @NOTE of a table that was dropped meanwhile: the log says so.
        if (codeOf(error) !== 'ENOENT') {
          throw error;
        }
      });
    }
  }
}

/** The segments of the log that the copy needs to become consistent, and the histories of timelines. */
async function copyLog(from: string, into: string, first: string, last: string): Promise<void> {
  const isNeeded = (name: string): boolean =>
    name.endsWith('.history') || (segment.test(name) && name >= first && name <= last);
  for (const name of (await readdir(from)).filter(isNeeded)) {
    await copyFile(join(from, name), join(into, name));
  }
}
