import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../system/until.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { fromProc, fromPs, postgresProcessesOn } from './process-table.ts';
import { query } from './query.fixture.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: EmbeddedPostgres;
let messages: string[];
const start = async () => {
  messages = [];
  server = await startEmbeddedPostgres({
    directory: folder.path,
    onLog: (message) => messages.push(message),
  });
};
const data = () => join(folder.path, 'postgres');
const postmaster = async () => (await readPostmasterFile(data()))?.pid ?? 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  await start();
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

test('a killed server is started again on its port with every acknowledged row', async () => {
  await query(server.ownerDsn, 'CREATE TABLE kept AS SELECT 1 AS id');
  process.kill(await postmaster(), 'SIGKILL');
  const answers = () => query(server.ownerDsn, 'SELECT id FROM kept').catch(() => []);
  expect(await until(async () => (await answers()).length === 1, { timeoutMs: 10_000 })).toBe(true);
  expect(messages).toContain('PostgreSQL ended unexpectedly (SIGKILL); starting it again');
});

test('stopping while the server is being started again leaves none', async () => {
  process.kill(await postmaster(), 'SIGKILL');
  await until(() => messages.filter((message) => message.includes('unexpectedly')).length === 2, {
    timeoutMs: 5000,
  });
  await server.stop();
  expect(await postgresProcessesOn(data())).toEqual([]);
  await start();
});

test.skipIf(process.platform !== 'linux')('both ways to read the process table see the same', async () => {
  const pids = fromProc(data());
  expect(pids).toContain(await postmaster());
  expect(pids.length).toBeGreaterThan(3);
  expect((await fromPs(data())).sort()).toEqual(pids.sort());
  expect(await fromPs(folder.path)).toEqual([]);
  expect(fromProc(folder.path)).toEqual([]);
});

test('a postmaster.pid that names a living stranger is removed, and the stranger left alone', async () => {
  await server.stop();
  await writeFile(join(data(), 'postmaster.pid'), `${process.ppid}\n${data()}\n`);
  await start();
  expect(process.kill(process.ppid, 0)).toBe(true);
  await query(server.serviceDsn, 'SELECT 1');
});
