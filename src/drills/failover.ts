import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runBrownie } from '../platform/programs/run-brownie.ts';
import { until } from '../platform/system/until.ts';
import type { Drill, Figure } from './drill.ts';
import { letThrough } from './harness/debian-postgres.ts';
import { startFleet } from './harness/fleet.ts';
import { type Load, startLoad, summarize } from './harness/load.ts';
import { lostIncidents, repeatedIncidents } from './harness/lost-incidents.ts';
import { type PatroniCluster, startPatroniCluster, wipe } from './harness/patroni-cluster.ts';
import { preparePatroniDatabase } from './harness/patroni-database.ts';
import type { PatroniNode } from './harness/patroni-nodes.ts';
import type { RequestResult } from './harness/send.ts';
import { signUp } from './harness/tenant.ts';

const rounds = { full: 3, short: 1 };
const workers = 8;
/** Of load before and after what happens. */
const loadMs = 2_000;
/** For how long a change waits for a primary. */
const patienceMs = 15_000;
const leadsWithinMs = 60_000;
const wholeWithinMs = 180_000;
/** Until all connections of a server that stops are closed, and every client has noticed. */
const noticeMs = 1_000;

/** Kills the primary of a cluster under Patroni while it is written to, moves it as planned, and makes a replica anew. */
export const failover: Drill = {
  name: 'failover',
  shows:
    'Another PostgreSQL takes the place of one that is lost: no acknowledged write is lost or made twice, and service is back by itself.',
  programs: ['patroni', 'etcd', 'haproxy', 'pg_controldata'],
  async run({ directory, isFull, say }) {
    await letThrough(directory);
    await using resources = new AsyncDisposableStack();
    const cluster = resources.use(await startPatroniCluster(join(directory, 'cluster')));
    const database = await preparePatroniDatabase(cluster);
    await runBrownie(['migrate'], { variables: database.variables, directory });
    say('three PostgreSQL servers under Patroni, migrated');
    // Two that know the servers by name, and one that knows HAProxy.
    const fleet = resources.use(
      await startFleet(directory, (index) => ({
        ...database.variables,
        METADATA_POSTGRES_ACQUIRE_TIMEOUT_MS: String(patienceMs),
        METADATA_POSTGRES_DSN: index === 0 ? database.proxiedDsn : database.serviceDsn,
      })),
    );
    const tenant = await signUp(fleet.instances[0].url);
    const results: RequestResult[] = [];
    const load = await startLoad({
      urls: fleet.instances.map(({ url }) => url),
      tenant,
      workers,
      methods: ['POST', 'GET', 'POST'],
      pauseMs: 10,
      onResult: (result) => results.push(result),
    });
    resources.defer(() => load.stop());
    const scene = { results, load, isFull, say };
    const figures: Figure[] = [];
    const last = isFull ? rounds.full : rounds.short;
    for (let round = 1; round <= last; round += 1) {
      await delay(loadMs);
      figures.push(...(await switchOver(cluster, scene)));
      await delay(loadMs);
      const { killed, measured } = await killPrimary(cluster, scene);
      await delay(loadMs);
      if (round === last) {
        await load.stop();
      }
      figures.push(...measured, ...(await makeAnew(cluster, killed, say)));
    }
    if (load.failures.length > 0) {
      say(summarize(load.failures));
    }
    const lost = await lostIncidents(database.ownerDsn, tenant, load.acknowledged);
    const repeated = await repeatedIncidents(database.ownerDsn, tenant);
    const restarts = fleet.instances.reduce((sum, { starts }) => sum + starts - 1, 0);
    return [
      ...figures,
      { name: 'acknowledged', value: load.acknowledged.length, unit: 'incidents', atLeast: 50 },
      { name: 'acknowledged and lost', value: lost.length, unit: 'incidents', atMost: 0 },
      { name: 'made twice', value: repeated, unit: 'incidents', atMost: 0 },
      { name: 'restarts of instances', value: restarts, unit: 'restarts', atMost: 0 },
    ];
  },
};

interface Scene {
  readonly results: readonly RequestResult[];
  readonly load: Load;
  readonly isFull: boolean;
  readonly say: (line: string) => void;
}

async function switchOver({ nodes }: PatroniCluster, scene: Scene): Promise<readonly Figure[]> {
  const { results, isFull, say } = scene;
  const [from, to] = [await nodes.withRole('leader'), await nodes.withRole('sync_standby')];
  const askedAt = performance.now();
  const leading = nodes.untilOtherLeads(from, leadsWithinMs);
  await nodes.switchOver(from, to);
  const leadsAt = await leading;
  say(`${to.name} leads, as planned`);
  await untilWhole(nodes);
  const failed = writesOf(results).filter(({ status, endedAt }) => endedAt > askedAt && status !== 200);
  const firstFailedAt = Math.min(...failed.map(({ endedAt }) => endedAt));
  return [
    // @NOTE how long PostgreSQL and Patroni take is the machine's pace: what is demanded of a quiet one is asked in full form only.
    {
      name: 'switchover: without a write',
      value: longestGap(results, askedAt),
      unit: 's',
      atMost: isFull ? 2 : 10,
    },
    {
      name: 'switchover: first write after another leads',
      value: firstWrite(results, leadsAt),
      unit: 's',
      atMost: firstWriteWithin(scene),
    },
    // Those whose commit was under way: nobody knows whether they were made, so that nobody makes them again. One a worker.
    { name: 'switchover: writes that failed', value: failed.length, unit: 'requests', atMost: workers },
    {
      name: 'switchover: of these, begun after the first had failed',
      value: failed.filter(({ startedAt }) => startedAt > firstFailedAt + noticeMs).length,
      unit: 'requests',
      atMost: 0,
    },
  ];
}

async function killPrimary(
  { nodes }: PatroniCluster,
  scene: Scene,
): Promise<{ readonly killed: PatroniNode; readonly measured: readonly Figure[] }> {
  const { results, say } = scene;
  const primary = await nodes.withRole('leader');
  const killedAt = performance.now();
  await nodes.kill(primary);
  say(`${primary.name} is killed`);
  const leadsAt = await nodes.untilOtherLeads(primary, leadsWithinMs);
  await until(async () => !Number.isNaN(firstWrite(results, leadsAt)), {
    timeoutMs: leadsWithinMs,
    everyMs: 50,
  });
  const measured = [
    { name: 'primary killed: without a write', value: longestGap(results, killedAt), unit: 's', atMost: 12 },
    {
      name: 'primary killed: first write after another leads',
      value: firstWrite(results, leadsAt),
      unit: 's',
      atMost: firstWriteWithin(scene),
    },
  ];
  return { killed: primary, measured };
}

/** Gives a machine that was lost a new disk: its server copies the one that leads, and follows. */
async function makeAnew(
  { nodes }: PatroniCluster,
  node: PatroniNode,
  say: Scene['say'],
): Promise<readonly Figure[]> {
  await wipe(node);
  const emptyAt = performance.now();
  await nodes.launch(node);
  await untilWhole(nodes);
  say(`${node.name} follows again, made anew`);
  return [{ name: 'replica made anew', value: (performance.now() - emptyAt) / 1_000, unit: 's' }];
}

// @NOTE the service tries about once a second; on a busy machine each step of it takes longer.
const firstWriteWithin = ({ isFull }: Scene): number => (isFull ? 2 : 5);

async function untilWhole(nodes: PatroniCluster['nodes']): Promise<void> {
  if (!(await until(() => nodes.isWhole(), { timeoutMs: wholeWithinMs, everyMs: 100 }))) {
    throw new Error(`the cluster is not whole:\n${await nodes.logTails()}`);
  }
}

const writesOf = (results: readonly RequestResult[]): readonly RequestResult[] =>
  results.filter(({ method }) => method === 'POST');

/** The time from a moment to the first acknowledged write that ended after it, in seconds; not a number where there is none. */
function firstWrite(results: readonly RequestResult[], fromMs: number): number {
  const first = writesOf(results).find(({ status, endedAt }) => status === 200 && endedAt > fromMs);
  return first === undefined ? Number.NaN : (first.endedAt - fromMs) / 1_000;
}

/** The longest time between two acknowledged writes, from a moment on, in seconds. */
function longestGap(results: readonly RequestResult[], fromMs: number): number {
  const done = writesOf(results)
    .filter(({ status }) => status === 200)
    .map(({ endedAt }) => endedAt)
    .toSorted((one, other) => one - other);
  const gaps = done.flatMap((endedAt, index) =>
    endedAt > fromMs && index > 0 ? [endedAt - Math.max(done[index - 1] ?? fromMs, fromMs)] : [],
  );
  return gaps.length === 0 ? Number.NaN : Math.max(...gaps) / 1_000;
}
