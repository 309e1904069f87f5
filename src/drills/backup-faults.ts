import { open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type BrownieOptions, finishBrownie } from '../platform/programs/run-brownie.ts';
import type { Finished } from '../platform/programs/run-to-end.ts';
import { childrenOf } from '../platform/system/processes.ts';
import { until } from '../platform/system/until.ts';
import type { Drill, Figure } from './drill.ts';
import { type ArchivedPostgres, startArchivedPostgres } from './harness/archived-postgres.ts';

import { smallDisk } from './harness/small-disk.ts';

/** Breaks what backups are made of, piece by piece: each must be found, told, and leave the older backups as they were. */
export const backupFaults: Drill = {
  name: 'backup-faults',
  shows:
    'A flipped byte, a missing segment, a dump killed half-way and a full disk are found and told; the old backups are kept.',
  programs: ['postgres', 'initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'pgbackrest'],
  run: async ({ directory, isFull, say }) => {
    await using archived = await startArchivedPostgres(directory);
    await fill(archived.database.superuserDsn, isFull ? 400_000 : 60_000);
    const bench: Bench = {
      archived,
      directory,
      backups: join(directory, 'backups'),
      attempt: (args, further = {}) =>
        finishBrownie(args, { variables: archived.variables, directory: '/', ...further }),
    };
    await bench.attempt(['backup', 'create']);
    await archived.brownie(['backup', 'pitr', 'full']);
    const figures: Figure[] = [];
    for (const [name, fault] of Object.entries({
      killedDump,
      killedCommand,
      fullDisk,
      flippedByte,
      flippedArchive,
      missingSegment,
    })) {
      say(name);
      figures.push(...(await fault(bench)));
    }
    return figures;
  },
};

interface Bench {
  readonly archived: ArchivedPostgres;
  readonly directory: string;
  readonly backups: string;
  readonly attempt: (args: readonly string[], further?: Partial<BrownieOptions>) => Promise<Finished>;
}

/** 1 where it is as it must be. */
const holds = (name: string, isSo: boolean): Figure => ({
  name,
  value: isSo ? 1 : 0,
  unit: 'of 1',
  atLeast: 1,
});

/** Failed, in one line for people, and the good backups are those of before. */
async function failedAndKept(
  { backups, attempt }: Bench,
  what: string,
  { code, stderr }: Finished,
  before: readonly string[],
  word: RegExp,
) {
  const list = JSON.parse((await attempt(['backup', 'list', '--json'])).stdout) as {
    name: string;
    faults: string[];
  }[];
  const good = list.filter(({ faults }) => faults.length === 0).map(({ name }) => name);
  const left = (await readdir(backups)).filter((name) => name.startsWith('backup_'));
  return [
    holds(`${what}: exit code 1`, code === 1),
    holds(`${what}: told in a line`, stderr.trim().split('\n').length === 1 && word.test(stderr)),
    holds(
      `${what}: the backups before are kept, and none is added`,
      good.join() === before.join() && left.length === before.length,
    ),
  ];
}

const namesOf = async ({ attempt }: Bench): Promise<string[]> =>
  (JSON.parse((await attempt(['backup', 'list', '--json'])).stdout) as { name: string }[]).map(
    ({ name }) => name,
  );

/** Calls back with the process once the dump has begun to be written. */
function onceHalfWay({ backups }: Bench, act: (pid: number) => Promise<void>) {
  let done: Promise<void> = Promise.resolve();
  const onStart = (pid: number): void => {
    done = (async () => {
      const hasBegun = await until(async () => (await draftSize(backups)) > 0, {
        timeoutMs: 30_000,
        everyMs: 5,
      });
      if (!hasBegun) {
        throw new Error('the dump never began');
      }
      await act(pid);
    })();
    done.catch(() => undefined);
  };
  return { onStart, done: () => done };
}

async function draftSize(backups: string): Promise<number> {
  const draft = (await readdir(backups)).find((name) => name.endsWith('.partial'));
  if (draft === undefined) {
    return 0;
  }
  await using file = await open(join(backups, draft, 'database.dump'), 'r').catch(() => undefined);
  return file === undefined ? 0 : (await file.stat()).size;
}

async function killedDump(bench: Bench): Promise<Figure[]> {
  const before = await namesOf(bench);
  const halfWay = onceHalfWay(bench, async (pid) => {
    for (const { pid: child, name } of await childrenOf(pid)) {
      if (name === 'pg_dump') {
        process.kill(child, 'SIGKILL');
      }
    }
  });
  const finished = await bench.attempt(['backup', 'create'], { onStart: halfWay.onStart });
  await halfWay.done();
  return await failedAndKept(bench, 'a dump killed half-way', finished, before, /pg_dump ended with SIGKILL/);
}

async function killedCommand(bench: Bench): Promise<Figure[]> {
  const before = await namesOf(bench);
  const halfWay = onceHalfWay(bench, async (pid) => {
    process.kill(pid, 'SIGKILL');
  });
  const { code } = await bench.attempt(['backup', 'create'], { onStart: halfWay.onStart });
  await halfWay.done();
  const after = await namesOf(bench);
  // @NOTE PostgreSQL may need a moment to see that its client is gone, and frees the lock then.
  const next = await until(async () => (await bench.attempt(['backup', 'create'])).code === 0, {
    timeoutMs: 60_000,
    everyMs: 500,
  });
  const left = (await readdir(bench.backups)).filter((name) => name.endsWith('.partial'));
  return [
    holds('a backup command killed half-way: no success', code !== 0),
    holds('a backup command killed half-way: no backup from it', after.join() === before.join()),
    holds('a backup command killed half-way: the next one works and clears up', next && left.length === 0),
  ];
}

async function fullDisk(bench: Bench): Promise<Figure[]> {
  const before = await namesOf(bench);
  await using disk = await smallDisk(bench.backups);
  const finished = await bench.attempt(['backup', 'create'], disk.limit);
  return await failedAndKept(bench, 'a full disk', finished, before, /the disk is full/);
}

async function flippedByte(bench: Bench): Promise<Figure[]> {
  const [newest = '', ...older] = await namesOf(bench);
  const file = join(bench.backups, newest, 'database.dump');
  await flip(file);
  const verified = await bench.attempt(['backup', 'verify']);
  const restored = await bench.attempt(['backup', 'restore', newest, '--into', 'brownie_restored']);
  const all = await bench.attempt(['backup', 'verify', older[0] ?? '']);
  await flip(file);
  const mended = await bench.attempt(['backup', 'verify']);
  return [
    holds(
      'a flipped byte in a dump: verify ends with 1 and names the file',
      verified.code === 1 && verified.stdout.includes('database.dump'),
    ),
    holds(
      'a flipped byte in a dump: it is not restored',
      restored.code === 1 && restored.stderr.includes('damaged'),
    ),
    holds('a flipped byte in a dump: the one before is still good', all.code === 0),
    holds('the same byte flipped back: good again', mended.code === 0),
  ];
}

async function flippedArchive(bench: Bench): Promise<Figure[]> {
  const { configFile, repository } = bench.archived;
  const sound = await bench.attempt(['backup', 'pitr', 'verify', '--config', configFile]);
  const bundles = (await readdir(repository, { recursive: true })).filter((path) =>
    /F\/bundle\/\d+$/.test(path),
  );
  const file = join(repository, bundles[0] ?? '');
  await flip(file);
  const verified = await bench.attempt(['backup', 'pitr', 'verify', '--config', configFile]);
  const into = join(bench.directory, 'never');
  const restored = await bench.attempt(['restore', 'latest', '--config', configFile, '--into', into]);
  await flip(file);
  return [
    holds('a sound repository: verify ends with 0', sound.code === 0),
    holds(
      'a flipped byte in a base backup: verify ends with 1',
      verified.code === 1 && /checksum invalid/.test(verified.stdout),
    ),
    holds('a flipped byte in a base backup: the restore fails', restored.code === 1),
  ];
}

async function missingSegment(bench: Bench): Promise<Figure[]> {
  const { configFile, repository, database } = bench.archived;
  for (let index = 0; index < 4; index += 1) {
    await query(database.superuserDsn, 'insert into filler (content) values ($1)', ['one more segment']);
    await query(database.superuserDsn, 'select pg_switch_wal()');
  }
  await bench.archived.brownie(['backup', 'pitr', 'check']).catch(() => undefined);
  const segments = (await readdir(repository, { recursive: true }))
    .filter((path) => /\/[0-9A-F]{24}-[0-9a-f]{40}/.test(path))
    .toSorted();
  const file = join(repository, segments.at(-3) ?? '');
  await rename(file, join(bench.directory, 'segment'));
  const verified = await bench.attempt(['backup', 'pitr', 'verify', '--config', configFile]);
  const into = join(bench.directory, 'gap');
  const restored = await bench.attempt(['restore', 'latest', '--config', configFile, '--into', into]);
  await rename(join(bench.directory, 'segment'), file);
  return [
    holds(
      'a missing segment: verify ends with 1 and names its neighbours',
      verified.code === 1 && /missing between/.test(verified.stdout),
    ),
    holds(
      'a missing segment: the restore is refused',
      restored.code === 4 && /missing between/.test(restored.stderr),
    ),
  ];
}

/** Flips a bit in the middle of a file; the second time it is as it was. */
async function flip(path: string): Promise<void> {
  const content = await readFile(path);
  const at = Math.floor(content.length / 2);
  await using file = await open(path, 'r+');
  await file.write(Buffer.of((content[at] ?? 0) ^ 1), 0, 1, at);
}

async function query(dsn: string, sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}

/** Something to dump that cannot be compressed: 1 kB a row. */
async function fill(dsn: string, rows: number): Promise<void> {
  await query(
    dsn,
    'create table filler (id bigint generated always as identity primary key, content text not null)',
  );
  await query(
    dsn,
    `insert into filler (content)
     select string_agg(md5(random()::text), '') from generate_series(1, ${rows}) as row, generate_series(1, 32) group by row`,
  );
}
