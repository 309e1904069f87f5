import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../system/until.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { postgresProcessesOn } from './process-table.ts';
import { insertUntilCut, query } from './query.fixture.ts';
import { type SpawnedService, spawnService } from './spawned-service.fixture.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'postgres');
  await using _made = await startEmbeddedPostgres({ directory: folder.path, durable: false });
});
afterAll(() => folder[Symbol.asyncDispose]());

async function ready(service: SpawnedService) {
  const { step, message, ownerDsn = '', superuserDsn = '' } = await service.next();
  expect({ step, message }).toEqual({ step: 'ready' });
  return { ownerDsn, superuserDsn };
}

const noneLeftOn = (data: string, timeoutMs: number) =>
  until(async () => (await postgresProcessesOn(data)).length === 0, { timeoutMs, everyMs: 50 });

/** The watchdog of a server: the shell that works in the data folder. Linux only. */
async function watchdogOf(data: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.startsWith('/bin/sh\0-c\0') && words.includes(`\0brownie-postgres\0${data}\0`)) {
      return Number(pid);
    }
  }
  return undefined;
}

test('a Ctrl-C leaves the server to the service, which stops it', async () => {
  await using service = spawnService('start', folder.path);
  await ready(service);
  service.signal('SIGINT', 'group');
  expect(await service.next()).toMatchObject({ step: 'alive after the signal' });
  expect(await service.next()).toMatchObject({ step: 'stopped' });
  expect(await service.next()).toMatchObject({ step: 'ended' });
  expect(await postgresProcessesOn(data)).toEqual([]);
  if (process.platform !== 'linux') {
    return;
  }
  expect(
    await until(async () => (await watchdogOf(data)) === undefined, { timeoutMs: 2000, everyMs: 50 }),
  ).toBe(true);
});

test('when the service is killed the watchdog stops the server at once, and every acknowledged row is there', async () => {
  await using service = spawnService('start', folder.path);
  let acknowledged = 0;
  const { ownerDsn } = await ready(service);
  const inserting = insertUntilCut(ownerDsn, (number) => {
    acknowledged = number;
    if (number === 200) {
      service.signal('SIGKILL');
    }
  });
  await inserting;
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  expect(await noneLeftOn(data, 5000)).toBe(true);
  expect(await readFile(join(folder.path, 'postgres.log'), 'utf8')).toContain('received fast shutdown');

  await using server = await startEmbeddedPostgres({ directory: folder.path });
  const [row] = await query(
    server.ownerDsn,
    `SELECT count(*)::int FROM acknowledged WHERE number <= ${acknowledged}`,
  );
  expect(row).toEqual({ count: acknowledged });
});

test.skipIf(process.platform !== 'linux')(
  'when service, watchdog and server are all killed, a busy leftover is stopped and every acknowledged row is there',
  async () => {
    await using service = spawnService('start', folder.path);
    const { ownerDsn, superuserDsn } = await ready(service);
    const busy = query(superuserDsn, 'DO $$ BEGIN LOOP END LOOP; END $$').catch(() => 'cut');
    let acknowledged = 0;
    const postmaster = (await readPostmasterFile(data))?.pid ?? 0;
    const watchdog = (await watchdogOf(data)) ?? 0;
    await insertUntilCut(ownerDsn, (number) => {
      acknowledged = number;
      if (number !== 200) {
        return;
      }
      for (const pid of [watchdog, service.pid, postmaster]) {
        process.kill(pid, 'SIGKILL');
      }
    });
    expect((await postgresProcessesOn(data)).length).toBeGreaterThan(0);
    expect(await service.next()).toEqual({ step: 'ended' });

    await using server = await startEmbeddedPostgres({ directory: folder.path });
    expect(await busy).toBe('cut');
    const [row] = await query(
      server.ownerDsn,
      `SELECT count(*)::int FROM acknowledged WHERE number <= ${acknowledged}`,
    );
    expect(row).toEqual({ count: acknowledged });
  },
);

test.skipIf(process.platform !== 'linux')('an orphaned server is stopped by the next start', async () => {
  await using service = spawnService('start', folder.path);
  await ready(service);
  const orphan = await readPostmasterFile(data);
  for (const pid of [(await watchdogOf(data)) ?? 0, service.pid]) {
    process.kill(pid, 'SIGKILL');
  }
  expect(await postgresProcessesOn(data)).toContain(orphan?.pid);
  const messages: string[] = [];
  expect(await service.next()).toEqual({ step: 'ended' });
  await using server = await startEmbeddedPostgres({
    directory: folder.path,
    onLog: (line) => messages.push(line),
  });
  expect(messages[0]).toMatch(/^stopping leftover PostgreSQL processes on /);
  expect(await postgresProcessesOn(data)).not.toContain(orphan?.pid);
  await query(server.serviceDsn, 'SELECT 1');
});

test('a first start that is killed half-way is done again by the next one', async () => {
  await using empty = await temporaryFolder();
  await using service = spawnService('start', empty.path);
  const halfWay = async () => (await readdir(empty.path)).some((name) => name.startsWith('postgres.init-'));
  expect(await until(halfWay, { timeoutMs: 10_000 })).toBe(true);
  service.signal('SIGKILL');
  expect(await service.next()).toEqual({ step: 'ended' });
  await using server = await startEmbeddedPostgres({ directory: empty.path, durable: false });
  await query(server.serviceDsn, 'SELECT 1');
  expect(await halfWay()).toBe(false);
});
