import { setTimeout as delay } from 'node:timers/promises';
import { type BalancerName, startBalancer } from '../operations/balancing/index.ts';
import type { Drill, Figure } from './drill.ts';
import { type DrillDatabase, startDrillDatabase } from './harness/drill-database.ts';
import { type Fleet, startFleet } from './harness/fleet.ts';
import { startLoad, summarize, withoutReply } from './harness/load.ts';
import { lostIncidents } from './harness/lost-incidents.ts';
import { signUp, type Tenant } from './harness/tenant.ts';

const workers = 16;
const methods = ['GET', 'POST', 'GET', 'PUT'] as const;
const kills = { full: 9, short: 3 };
/** Of load before the first kill, and after each. */
const loadMs = 2_000;
/**
 * What a balancer may take to see that an instance is gone: at once, by the kernel, where it gets to run at once; on a busy machine as
 * long as its checks take, two of 500 ms in deploy/haproxy/haproxy.cfg.
 */
const noticeMs = 1_000;

/** Kills instances under load: kill -9, so that nothing can be finished. */
export const instanceKill: Drill = {
  name: 'instance-kill',
  shows: 'An instance killed under load takes no more with it than the writes it had in hand; no read fails.',
  programs: ['nginx', 'haproxy'],
  async run({ directory, isFull, say }) {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const fleet = resources.use(await startFleet(directory, database.variables));
    const tenant = await signUp(fleet.instances[0].url);
    const figures: Figure[] = [];
    for (const name of ['nginx', 'haproxy'] as const) {
      const rounds = isFull ? kills.full : kills.short;
      figures.push(...(await killBehind(name, { directory, database, fleet, tenant, rounds, say })));
    }
    return figures;
  },
};

interface Scene {
  readonly directory: string;
  readonly database: DrillDatabase;
  readonly fleet: Fleet;
  readonly tenant: Tenant;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

async function killBehind(name: BalancerName, scene: Scene): Promise<readonly Figure[]> {
  const { directory, database, fleet, tenant, rounds, say } = scene;
  await using resources = new AsyncDisposableStack();
  const balancer = resources.use(await startBalancer(name, { directory, instances: fleet.addresses }));
  const load = await startLoad({ urls: [balancer.url], tenant, workers, methods });
  // @NOTE where an instance does not come back, too: a load that goes on keeps the drill from its end.
  resources.defer(() => load.stop());
  await delay(loadMs);
  let inHand = 0;
  const goneAt: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const instance = fleet.instances[round % fleet.instances.length] ?? fleet.instances[0];
    inHand += load.inFlight;
    await instance.kill();
    goneAt.push(performance.now());
    await delay(loadMs);
    await instance.launch();
    await instance.ready();
    await delay(loadMs);
  }
  await load.stop();
  const { failures, acknowledged } = load;
  if (failures.length > 0) {
    say(`${name}: ${summarize(failures)}`);
  }
  const wasInHand = (startedAt: number, endedAt: number): boolean =>
    goneAt.some((moment) => startedAt <= moment + noticeMs && endedAt >= moment - loadMs);
  const late = failures.filter(({ startedAt, endedAt }) => !wasInHand(startedAt, endedAt));
  const lost = await lostIncidents(database.ownerDsn, tenant, acknowledged);
  return [
    { name: `${name}: instances killed`, value: rounds, unit: 'instances' },
    { name: `${name}: requests`, value: load.requests, unit: 'requests', atLeast: 100 },
    {
      name: `${name}: reads that failed`,
      value: failures.filter(({ method }) => method === 'GET').length,
      unit: 'requests',
      atMost: 0,
    },
    { name: `${name}: writes that failed`, value: failures.length, unit: 'requests', atMost: inHand },
    { name: `${name}: of these, without a reply`, value: withoutReply(failures).length, unit: 'requests' },
    { name: `${name}: of these, begun when it was gone`, value: late.length, unit: 'requests', atMost: 0 },
    { name: `${name}: acknowledged and lost`, value: lost.length, unit: 'incidents', atMost: 0 },
  ];
}
