import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startArchivedPostgres } from '../../src/drills/harness/archived-postgres.ts';
import { createInstance } from '../../src/platform/programs/service-instance.ts';

/** A metric of the service, as a number. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{type="full"}`));
  return Number(line?.split(' ').at(-1));
}

async function writeSegments(dsn: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  for (let index = 0; index < count; index += 1) {
    await client.query(`select pg_logical_emit_message(false, 'test', 'something')`);
    await client.query('select pg_switch_wal()');
  }
  await client.end();
}

const archive = 'wal_archive_last_success_timestamp_seconds';

test('the service tells of a base backup, of an archive that keeps up, and of one that does not', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'brownie-archive-'));
  await using resources = new AsyncDisposableStack();
  resources.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  const archived = resources.use(await startArchivedPostgres(directory));
  const startedAt = Date.now() / 1000;
  // @NOTE the instance does not see the folder of the backups, and learns of them from the database.
  await archived.brownie(['backup', 'pitr', 'full']);
  const instance = resources.use(
    await createInstance({
      name: 'api',
      directory,
      variables: { ...archived.variables, METADATA_BACKUP_DIR: join(directory, 'unseen') },
    }),
  );
  await instance.launch();
  await instance.ready();
  expect(await metric(instance.url, 'backup_last_success_timestamp_seconds')).toBeGreaterThan(startedAt - 1);
  expect(await metric(instance.url, archive)).toBeGreaterThan(startedAt);

  // What keeps the archive from taking anything: its folder has no place for it.
  const taken = join(archived.repository, 'archive');
  await chmod(taken, 0o000);
  await writeSegments(archived.database.superuserDsn, 3);
  // @NOTE it looks every 15 seconds: an age above 30 is one that grows.
  const behind = async (): Promise<number> => Date.now() / 1000 - (await metric(instance.url, archive));
  await expect.poll(behind, { timeout: 90_000, interval: 1_000 }).toBeGreaterThan(30);

  await chmod(taken, 0o750);
  await expect.poll(behind, { timeout: 90_000, interval: 1_000 }).toBeLessThan(20);
});
