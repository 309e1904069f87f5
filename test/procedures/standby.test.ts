import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type DebianPostgres,
  letThrough,
  startDebianPostgres,
} from '../../src/drills/harness/debian-postgres.ts';
import { chosenDsn } from '../../src/platform/database/choose-server.ts';
import { startOwnPostgres } from '../../src/platform/programs/own-postgres.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { launchService, logLines, temporaryFolder } from '../acceptance/service-process.ts';

const patience = { timeout: 120_000, interval: 50 };

let resources: AsyncDisposableStack;
let database: DebianPostgres;

beforeAll(async () => {
  resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder());
  await letThrough(folder.path);
  const directory = join(folder.path, 'server');
  database = resources.use(await startDebianPostgres({ directory }));
  await database.server.stop();
  const { dataDirectory, port, user } = database;
  // A server that follows nobody is a standby all the same: it waits for what it may get.
  await writeFile(join(dataDirectory, 'standby.signal'), '');
  resources.use(await startOwnPostgres({ dataDirectory, directory, port, user }));
});
afterAll(() => resources.disposeAsync());

/** What a statement answers as `it`; undefined where the server does not. */
async function asSuperuser(text: string): Promise<unknown> {
  const client = new pg.Client({ host: database.directory, port: database.port, user: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows[0]?.it;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

test('a service that is started on a standby waits, says so, and serves once that is promoted', async () => {
  await expect.poll(() => asSuperuser('select pg_is_in_recovery() as it'), patience).toBe(true);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const others = `127.0.0.1:${await freePort()},127.0.0.1:${database.port}`;
  const several = `${database.serviceDsn.replace(/127\.0\.0\.1:\d+/, others)}?target_session_attrs=read-write`;
  await expect(chosenDsn(several)).rejects.toThrow('it is a standby');
  await using service = launchService({
    ...database.variables,
    METADATA_POSTGRES_DSN: several,
    METADATA_HOST: '127.0.0.1',
    METADATA_PORT: String(port),
  });
  const statusOf = (path: string) =>
    fetch(`${url}${path}`).then(
      ({ status }) => status,
      () => undefined,
    );
  await expect.poll(() => statusOf('/health/startup'), patience).toBe(503);
  expect(await statusOf('/health/live')).toBe(200);
  const waits = () =>
    logLines(service.output()).filter(({ message }) =>
      /takes no writes: it is a standby; it is tried again/.test(String(message)),
    );
  await expect.poll(() => waits().length, patience).toBeGreaterThan(0);

  await asSuperuser('select pg_promote() as it');
  await service.started;
  await expect.poll(() => statusOf('/health'), patience).toBe(200);
});
