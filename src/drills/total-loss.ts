import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { verifyDatabase } from '../operations/backup/verify/index.ts';
import { stopRestored } from '../operations/pitr/index.ts';
import { ownFolder } from '../platform/programs/own-postgres.ts';
import { createInstance } from '../platform/programs/service-instance.ts';
import { until } from '../platform/system/until.ts';
import type { Drill, DrillHarness, Figure } from './drill.ts';
import { startArchivedPostgres } from './harness/archived-postgres.ts';
import { letThrough } from './harness/debian-postgres.ts';
import { killEverythingIn } from './harness/kill-everything.ts';
import { startLoad } from './harness/load.ts';
import { receiveWal } from './harness/receive-wal.ts';
import { signUp } from './harness/tenant.ts';
import { type AcknowledgedWrite, lookUpWrites, writeOf } from './harness/write-log.ts';

/** RTO 15 minutes and RPO 5 minutes are promised; these leave a wide margin. */
const limits = { rtoSeconds: 120, rpoSeconds: 60 };

interface Round {
  readonly rtoSeconds: number;
  /** Age, at the loss, of the oldest acknowledged write that was lost; 0 where none was. */
  readonly rpoSeconds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly changed: number;
  readonly holes: number;
  readonly failedChecks: number;
}

/** kill -9 of the whole server under write load and its data gone; restored from the archive, the service goes on by itself. */
export const totalLoss: Drill = {
  name: 'total-loss',
  shows:
    'The database server is lost with all its data, under write load: the service writes again, and what is lost is known.',
  programs: ['postgres', 'initdb', 'pg_ctl', 'pgbackrest', 'pg_receivewal'],
  run: async (harness) => {
    await letThrough(harness.directory);
    const count = harness.isFull ? 5 : 1;
    return [...(await rounds(harness, count, false)), ...(await rounds(harness, count, true))];
  },
};

async function rounds(harness: DrillHarness, count: number, isSynchronous: boolean): Promise<Figure[]> {
  const results: Round[] = [];
  for (let index = 0; index < count; index += 1) {
    const directory = await ownFolder(
      join(harness.directory, `${isSynchronous ? 'synchronous' : 'archive'}-${index}`),
      undefined,
    );
    const result = await round(harness, directory, isSynchronous);
    const { rtoSeconds, rpoSeconds, acknowledged, lost } = result;
    harness.say(
      `${lost} of ${acknowledged} writes lost, ${rpoSeconds.toFixed(1)} s; writing again after ${rtoSeconds.toFixed(1)} s`,
    );
    results.push(result);
    await rm(directory, { recursive: true, force: true });
  }
  const how = isSynchronous ? 'with synchronous pg_receivewal' : 'from the archive';
  const worst = (of: (result: Round) => number): number => Math.max(...results.map(of));
  const total = (of: (result: Round) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0);
  return [
    { name: `losses, ${how}`, value: results.length, unit: 'losses', atLeast: count },
    {
      name: `longest until a write succeeded, ${how}`,
      value: worst(({ rtoSeconds }) => rtoSeconds),
      unit: 's',
      atMost: limits.rtoSeconds,
    },
    {
      name: `oldest acknowledged write lost, ${how}`,
      value: worst(({ rpoSeconds }) => rpoSeconds),
      unit: 's',
      atMost: isSynchronous ? 0 : limits.rpoSeconds,
    },
    {
      name: `writes acknowledged, ${how}`,
      value: total(({ acknowledged }) => acknowledged),
      unit: 'writes',
      atLeast: 100,
    },
    {
      name: `of them lost, ${how}`,
      value: total(({ lost }) => lost),
      unit: 'writes',
      ...(isSynchronous ? { atMost: 0 } : {}),
    },
    {
      name: `recovered with other values, ${how}`,
      value: total(({ changed }) => changed),
      unit: 'writes',
      atMost: 0,
    },
    {
      name: `lost though a later one was recovered, ${how}`,
      value: total(({ holes }) => holes),
      unit: 'writes',
      atMost: 0,
    },
    {
      name: `checks of the restored database that failed, ${how}`,
      value: total(({ failedChecks }) => failedChecks),
      unit: 'checks',
      atMost: 0,
    },
  ];
}

async function round(harness: DrillHarness, directory: string, isSynchronous: boolean): Promise<Round> {
  await using resources = new AsyncDisposableStack();
  const archived = await startArchivedPostgres(directory, { max_connections: '200' });
  const { database } = archived;
  resources.defer(() => killEverythingIn(directory));
  const receiver = join(directory, 'receiver');
  if (isSynchronous) {
    resources.use(await receiveWal(database, receiver));
  }
  const instance = resources.use(
    await createInstance({
      name: 'api',
      directory,
      variables: { ...archived.variables, METADATA_LOG_LEVEL: 'critical' },
    }),
  );
  await instance.launch();
  await instance.ready();
  const tenant = await signUp(instance.url);
  const writes: AcknowledgedWrite[] = [];
  const load = await startLoad({
    urls: [instance.url],
    tenant,
    workers: 8,
    pauseMs: 20,
    onResult: (result) => {
      const write = writeOf(result);
      if (write !== undefined) {
        writes.push(write);
      }
    },
  });
  resources.defer(() => load.stop());
  await archived.brownie(['backup', 'pitr', 'full']);
  // @NOTE a random moment, relative to archive_timeout as well: 30 s, as shipped.
  await delay((harness.isFull ? 35_000 : 8_000) + Math.random() * (harness.isFull ? 30_000 : 6_000));

  harness.say(`losing the server after ${writes.length} acknowledged writes`);
  const lostAt = performance.now();
  await killEverythingIn(database.directory);
  const goneAt = performance.now();
  await rm(database.directory, { recursive: true, force: true });

  const restored = join(directory, 'restored');
  resources.defer(() => stopRestored(restored));
  await archived.brownie([
    ...['restore', 'latest', '--into', restored, '--start', '--port', String(database.port), '--no-verify'],
    ...(isSynchronous ? ['--wal-from', receiver] : []),
  ]);
  const firstAfter = (): AcknowledgedWrite | undefined => writes.find(({ sentAt }) => sentAt > goneAt);
  await until(() => firstAfter() !== undefined, { timeoutMs: 900_000, everyMs: 20 });
  const rtoSeconds = ((firstAfter()?.acknowledgedAt ?? Number.POSITIVE_INFINITY) - lostAt) / 1000;
  await load.stop();

  const before = writes.filter(({ acknowledgedAt }) => acknowledgedAt < goneAt);
  const { lost, changed, holes } = await lookUpWrites(database.superuserDsn, tenant, before);
  const checks = await verifyDatabase(database.superuserDsn, undefined, {
    METADATA_JWT_SECRET: archived.variables['METADATA_JWT_SECRET'] ?? '',
  });
  for (const { name, detail } of checks.filter(({ isOk }) => !isOk)) {
    harness.say(`${name}: ${detail}`);
  }
  return {
    rtoSeconds,
    rpoSeconds:
      lost.length === 0 ? 0 : (goneAt - Math.min(...lost.map(({ acknowledgedAt }) => acknowledgedAt))) / 1000,
    acknowledged: before.length,
    lost: lost.length,
    changed: changed.length,
    holes: holes.length,
    failedChecks: checks.filter(({ isOk }) => !isOk).length,
  };
}
