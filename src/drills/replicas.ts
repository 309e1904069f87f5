import { setTimeout as delay } from 'node:timers/promises';
import { createInstance } from '../platform/programs/service-instance.ts';
import { until } from '../platform/system/until.ts';
import type { Drill, Figure } from './drill.ts';
import { cpuSecondsIn } from './harness/cpu-time.ts';
import { letThrough } from './harness/debian-postgres.ts';
import { type Fleet, startFleet } from './harness/fleet.ts';
import { startLoad, summarize } from './harness/load.ts';
import { readPairs } from './harness/read-pairs.ts';
import {
  type ReplicaServer,
  type ReplicatedPostgres,
  startReplicatedPostgres,
} from './harness/replicated-postgres.ts';
import { logIn, signUp, type Tenant } from './harness/tenant.ts';

const pairs = { full: 10_000, short: 300 };
const patienceMs = 60_000;
/** Of load before and after what happens. */
const loadMs = 500;
const readingMs = 8_000;

/** Writes at one instance and reads at another, by replicas that stand still, freeze, die, are promoted and lead astray. */
export const replicas: Drill = {
  name: 'replicas',
  shows:
    'Whoever has changed something sees it, whichever instance and replica is asked; a replica that is lost costs no request.',
  programs: ['postgres', 'pg_basebackup'],
  async run({ directory, isFull, say }) {
    await letThrough(directory);
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startReplicatedPostgres(directory));
    say('a primary and two replicas, migrated');
    const fleet = resources.use(await startFleet(directory, database.variables));
    const [first, second] = database.replicas;
    const scene: Scene = { fleet, tenant: await signUp(fleet.instances[0].url), isFull, say };
    await usable(fleet, '1', true);
    await usable(fleet, '2', true);
    const figures = [
      ...(isFull ? await costOfReads(scene, directory, database) : []),
      ...(await pairsWhileOneStandsStill(scene, database.replicas)),
      ...(await endSession(scene, database.replicas)),
      ...(await lose(scene, 'frozen', '1', () => first.signal('SIGSTOP'))),
      ...(await comeBack(scene, 'frozen', '1', () => first.signal('SIGCONT'))),
      ...(await lose(scene, 'killed', '2', () => second.kill())),
      ...(await comeBack(scene, 'killed', '2', () => second.start())),
    ];
    await database.primary.server.stop();
    say('the primary is stopped');
    await first.query('select pg_promote()');
    const promotedAt = performance.now();
    await usable(fleet, '1', true);
    figures.push(within(scene, 'promoted: read from and written to after', promotedAt));
    await second.query(
      `alter system set primary_conninfo = 'host=${first.directory} port=${first.port} user=postgres'`,
    );
    await second.query('select pg_reload_conf()');
    await usable(fleet, '2', true);
    say('the first replica leads, and the second follows it');
    figures.push(...(await pairsOf(scene, 'behind the new primary', isFull ? 1_000 : 100)));
    figures.push(...(await lose(scene, 'leads astray', '2', () => second.query('select pg_promote()'))));
    const restarts = fleet.instances.reduce((sum, { starts }) => sum + starts - 1, 0);
    return [...figures, { name: 'restarts of instances', value: restarts, unit: 'restarts', atMost: 0 }];
  },
};

interface Scene {
  readonly fleet: Fleet;
  readonly tenant: Tenant;
  readonly isFull: boolean;
  readonly say: (line: string) => void;
}

/** What a service does on a quiet machine is asked in full form only. */
const within = ({ isFull }: Scene, name: string, fromMs: number): Figure => ({
  name,
  value: (performance.now() - fromMs) / 1_000,
  unit: 's',
  atMost: isFull ? 2 : 10,
});

async function pairsWhileOneStandsStill(
  scene: Scene,
  servers: readonly ReplicaServer[],
): Promise<readonly Figure[]> {
  let isOver = false;
  const standStill = async (): Promise<number> => {
    let times = 0;
    for (; !isOver; times += 1) {
      const server = servers[Math.floor(Math.random() * servers.length)];
      await server?.query('select pg_wal_replay_pause()');
      await delay(Math.random() * 2_000);
      await server?.query('select pg_wal_replay_resume()');
      await delay(Math.random() * 300);
    }
    return times;
  };
  const standing = standStill();
  const figures = await pairsOf(scene, 'one stands still', scene.isFull ? pairs.full : pairs.short);
  isOver = true;
  scene.say(`a replica stood still ${await standing} times meanwhile`);
  return figures;
}

async function pairsOf(scene: Scene, when: string, count: number): Promise<readonly Figure[]> {
  const { fleet, tenant, say } = scene;
  const before = await readsOf(fleet);
  const { stale, failed, seconds } = await readPairs({
    urls: fleet.instances.map(({ url }) => url),
    tenant,
    count,
  });
  const after = await readsOf(fleet);
  const [replica, primary] = [after.replica - before.replica, after.primary - before.primary];
  say(`${count} times changed and read in ${seconds.toFixed(0)} s, ${when}`);
  return [
    { name: `${when}: changed, then read`, value: count, unit: 'times' },
    { name: `${when}: read without the change`, value: stale, unit: 'times', atMost: 0 },
    { name: `${when}: failed`, value: failed, unit: 'requests', atMost: 0 },
    {
      name: `${when}: answered by replicas`,
      value: Math.round((100 * replica) / (replica + primary)),
      unit: '%',
      atLeast: 10,
    },
  ];
}

/** What a read costs the primary, with replicas and without. */
async function costOfReads(
  { fleet, tenant }: Scene,
  directory: string,
  { primary, variables }: ReplicatedPostgres,
): Promise<readonly Figure[]> {
  const others = { ...variables, METADATA_POSTGRES_READ_DSN: '', METADATA_LOG_LEVEL: 'warning' };
  await using alone = await createInstance({ name: 'alone', directory, variables: others });
  await alone.launch();
  await alone.ready();
  const costAt = async (url: string): Promise<number> => {
    const load = await startLoad({ urls: [url], tenant, workers: 32, methods: ['GET'] });
    await delay(loadMs);
    const [cpu, requests] = [await cpuSecondsIn(primary.directory), load.requests];
    await delay(readingMs);
    const cost = ((await cpuSecondsIn(primary.directory)) - cpu) / (load.requests - requests);
    await load.stop();
    return Math.round(cost * 1_000_000);
  };
  return [
    { name: 'CPU of the primary a read, without replicas', value: await costAt(alone.url), unit: 'µs' },
    {
      name: 'CPU of the primary a read, with replicas',
      value: await costAt(fleet.instances[0].url),
      unit: 'µs',
    },
  ];
}

/** Ends a session while no replica moves. Who brings the position of an earlier change may get in for a second. */
async function endSession(
  { fleet, tenant, isFull }: Scene,
  servers: readonly ReplicaServer[],
): Promise<readonly Figure[]> {
  const [one, other] = [fleet.instances[0].url, fleet.instances[1].url];
  const headers = { authorization: `Bearer ${await logIn(one, tenant)}` };
  const earlier = (await position(one)) ?? '';
  const me = async (more = {}): Promise<number> =>
    (await fetch(`${other}/api/v1/auth/me`, { headers: { ...headers, ...more } })).status;
  await Promise.all(servers.map((server) => server.query('select pg_wal_replay_pause()')));
  try {
    await fetch(`${one}/api/v1/auth/logout`, { method: 'POST', headers });
    const endedAt = performance.now();
    const first = await me();
    const isOut = async (): Promise<boolean> => (await me({ 'brownie-position': earlier })) === 401;
    await until(isOut, { timeoutMs: patienceMs });
    return [
      {
        name: 'a session is ended: taken afterwards',
        value: first === 401 ? 0 : 1,
        unit: 'times',
        atMost: 0,
      },
      {
        name: 'a session is ended: refused to who asks for what is older, after',
        value: (performance.now() - endedAt) / 1_000,
        unit: 's',
        // @NOTE a second, and what the last request took.
        atMost: isFull ? 1.2 : 5,
      },
    ];
  } finally {
    await Promise.all(servers.map((server) => server.query('select pg_wal_replay_resume()')));
  }

  async function position(url: string): Promise<string | null> {
    const reply = await fetch(`${url}/api/v1/teams/${tenant.teamId}/incidents`, {
      method: 'POST',
      headers: tenant.headers,
      body: JSON.stringify({ title: 'Earlier' }),
    });
    return reply.headers.get('brownie-position');
  }
}

/** Loses a replica under load. */
async function lose(
  scene: Scene,
  how: string,
  replica: string,
  cause: () => Promise<unknown>,
): Promise<readonly Figure[]> {
  const { fleet, tenant, say } = scene;
  const load = await startLoad({
    urls: fleet.instances.map(({ url }) => url),
    tenant,
    workers: 8,
    methods: ['GET', 'GET', 'POST'],
    pauseMs: 5,
  });
  await delay(loadMs);
  await cause();
  const lostAt = performance.now();
  await usable(fleet, replica, false);
  const dropped = within(scene, `${how}: passed over after`, lostAt);
  await delay(loadMs);
  await load.stop();
  say(`${how}: ${load.requests} requests, ${load.failures.length} failed ${summarize(load.failures)}`);
  return [dropped, { name: `${how}: failed`, value: load.failures.length, unit: 'requests', atMost: 0 }];
}

async function comeBack(
  scene: Scene,
  how: string,
  replica: string,
  cause: () => Promise<void>,
): Promise<readonly Figure[]> {
  await cause();
  const backAt = performance.now();
  await usable(scene.fleet, replica, true);
  return [within(scene, `${how}: read from again after`, backAt)];
}

/** Resolves once every instance says so of a replica. */
async function usable({ instances }: Fleet, replica: string, isUsable: boolean): Promise<void> {
  const line = `brownie_replica_usable{replica="${replica}"} ${isUsable ? 1 : 0}`;
  const isSo = async (): Promise<boolean> => {
    const texts = await Promise.all(instances.map(({ url }) => metricsOf(url)));
    return texts.every((text) => text.split('\n').includes(line));
  };
  if (!(await until(isSo, { timeoutMs: patienceMs, everyMs: 20 }))) {
    throw new Error(`not every instance says ${line}`);
  }
}

async function readsOf({
  instances,
}: Fleet): Promise<{ readonly replica: number; readonly primary: number }> {
  const texts = await Promise.all(instances.map(({ url }) => metricsOf(url)));
  const sum = (server: string): number =>
    texts.reduce(
      (total, text) =>
        total +
        Number(new RegExp(`^brownie_reads_total\\{server="${server}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0),
      0,
    );
  return { replica: sum('replica'), primary: sum('primary') };
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
