import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stopRestored } from '../../src/operations/pitr/index.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { archivedServer } from './archived-server.ts';

const { archived, brownie, inFolder, query } = archivedServer();

const withArchive = (...args: string[]) => brownie([...args, '--config', archived().configFile]);

/** Files of the repository, by their path in it, in order. */
async function inRepository(pattern: RegExp): Promise<string[]> {
  const paths = await readdir(archived().repository, { recursive: true });
  return paths
    .filter((path) => pattern.test(path))
    .toSorted()
    .map((path) => join(archived().repository, path));
}
const segment = /\/[0-9A-F]{24}-[0-9a-f]{40}/;

/** Flips a bit; the second time the file is as it was. */
async function flip(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
}

/** When the archive was last found whole; undefined: never. */
async function wholeAt(): Promise<string | undefined> {
  const state = JSON.parse(await readFile(inFolder('backups/state.json'), 'utf8')) as {
    archive?: { wholeAt: string };
  };
  return state.archive?.wholeAt;
}

/** The name of one of the last five segments that the archive has. */
let damaged: string;

beforeAll(async () => {
  await archived().brownie(['backup', 'pitr', 'full']);
  await query('create table notes (id int)');
  for (let id = 0; id < 5; id += 1) {
    await query(`insert into notes values (${id})`, 'select pg_switch_wal()');
  }
  expect(await withArchive('backup', 'pitr', 'check')).toMatchObject({ code: 0, stderr: '' });
  damaged = (await inRepository(segment)).at(-3) ?? '';
});

test('a segment that is missing is found each day, and refused before a restore to the end', async () => {
  const before = await wholeAt();
  expect(before).toBeDefined();
  await rename(damaged, inFolder('segment'));
  try {
    const words = /1 segment is missing between 0000000100\w+ and 0000000100/;
    const check = await withArchive('backup', 'pitr', 'check');
    expect([check.code, check.stdout]).toEqual([1, expect.stringMatching(words)]);
    expect(await wholeAt()).toBe(before);
    await mkdir(inFolder('received'));
    const restore = await withArchive(
      ...['restore', 'latest', '--into', inFolder('refused'), '--wal-from', inFolder('received')],
    );
    expect([restore.code, restore.stderr]).toEqual([4, expect.stringMatching(words)]);
  } finally {
    await rename(inFolder('segment'), damaged);
  }
});

test('a recovery that ends at a damaged segment is told, though PostgreSQL says nothing of it', async () => {
  await flip(damaged, 200);
  const into = inFolder('early');
  try {
    const restore = await withArchive(
      ...['restore', 'latest', '--into', into, '--start', '--no-verify', '--port', String(await freePort())],
    );
    expect([restore.code, restore.stdout]).toEqual([
      1,
      expect.stringMatching(/FAILED +end of the archive +the recovery ended at .*\n.*Do not switch/),
    ]);
  } finally {
    await stopRestored(into);
    await flip(damaged, 200);
  }
});

test('a segment that was changed and a file of a base backup that is missing are told, though pgbackrest ends with 0', async () => {
  const [bundle = ''] = await inRepository(/F\/bundle\/\d+$/);
  await flip(damaged, 200);
  await rename(bundle, inFolder('bundle'));
  const { code, stdout } = await withArchive('backup', 'pitr', 'verify');
  await rename(inFolder('bundle'), bundle);
  await flip(damaged, 200);
  expect([code, stdout]).toEqual([1, expect.stringMatching(/archive 15-1: (other|checksum invalid): 1/)]);
  expect(stdout).toMatch(/backup \d+-\d+F: missing: /);
});

test('a base backup of a broken page is no success, and names it', async () => {
  const [table] = (await query(
    'create table pages as select from generate_series(1, 1000)',
    'checkpoint',
    `select pg_relation_filepath('pages') as path`,
  )) as { path: string }[];
  const before = await readFile(inFolder('backups/state.json'), 'utf8');
  await flip(join(archived().database.dataDirectory, table?.path ?? ''), 8000);
  const { code, stdout } = await withArchive('backup', 'pitr', 'full');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/DAMAGED.*\n.*invalid page checksum.*base\//)]);
  expect(await readFile(inFolder('backups/state.json'), 'utf8')).toBe(before);
});
