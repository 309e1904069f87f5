import { join } from 'node:path';
import pg from 'pg';
import { programPath } from '../../platform/programs/find-program.ts';
import { launch } from '../../platform/programs/launch.ts';
import { ownFolder } from '../../platform/programs/own-postgres.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { until } from '../../platform/system/until.ts';
import type { DebianPostgres } from './debian-postgres.ts';

/** What a receiver calls itself: `synchronous_standby_names`. */
const receiverName = 'brownie_receiver';

/**
 * Starts `pg_receivewal --synchronous` into a folder, and has every commit wait until it is on the disk there, as it
 * would be on another machine. Resolves when commits do wait.
 */
export async function receiveWal(
  { directory: host, port, user, superuserDsn }: DebianPostgres,
  into: string,
): Promise<AsyncDisposable> {
  await ownFolder(into, user);
  const environment = { PGHOST: host, PGPORT: String(port), PGUSER: 'postgres', PGAPPNAME: receiverName };
  await runToEnd('pg_receivewal', ['--create-slot', '--slot=receiver'], { environment, user });
  const child = await launch(
    await programPath('pg_receivewal'),
    ['--synchronous', '--slot=receiver', '-D', into, '--no-password'],
    { environment, user, logFile: join(into, '..', 'receiver.log') },
  );
  const end = async (): Promise<void> => {
    await child.end('SIGKILL');
  };
  const client = new pg.Client({ connectionString: superuserDsn });
  await client.connect();
  try {
    await client.query(`alter system set synchronous_standby_names = '${receiverName}'`);
    await client.query('select pg_reload_conf()');
    const isSynchronous = await until(
      async () =>
        (await client.query(`select from pg_stat_replication where sync_state = 'sync'`)).rowCount === 1,
      { timeoutMs: 30_000, everyMs: 100 },
    );
    if (!isSynchronous) {
      await end();
      throw new Error('commits do not wait for pg_receivewal');
    }
  } finally {
    await client.end();
  }
  return { [Symbol.asyncDispose]: end };
}
