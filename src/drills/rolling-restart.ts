import { setTimeout as delay } from 'node:timers/promises';
import { type Balancer, startBalancer } from '../operations/balancing/index.ts';
import type { Ending, ServiceInstance } from '../platform/programs/service-instance.ts';
import type { Drill, DrillHarness, Figure } from './drill.ts';
import { startDrillDatabase } from './harness/drill-database.ts';
import { startFleet } from './harness/fleet.ts';
import { type Load, startLoad, summarize, withoutReply } from './harness/load.ts';
import { lostIncidents } from './harness/lost-incidents.ts';
import { signUp } from './harness/tenant.ts';

/** Of a balancer, in the full exercise; the short one sends what its time allows. */
const requestsDemanded = 100_000;
const rounds = { full: 10, short: 2 };
/** Half of them write; a PUT is what a balancer might repeat. */
const methods = ['GET', 'POST', 'GET', 'PUT'] as const;

/**
 * Restarts three instances one after the other, again and again, while both balancers send them requests, each at its
 * own load.
 */
export const rollingRestart: Drill = {
  name: 'rolling-restart',
  shows: 'Instances are restarted one by one behind nginx and behind HAProxy, and no request fails.',
  programs: ['nginx', 'haproxy'],
  async run({ directory, isFull, say }: DrillHarness): Promise<readonly Figure[]> {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const fleet = resources.use(await startFleet(directory, database.variables));
    const tenant = await signUp(fleet.instances[0].url);
    const loads: { balancer: Balancer; load: Load }[] = [];
    for (const name of ['nginx', 'haproxy'] as const) {
      const balancer = resources.use(await startBalancer(name, { directory, instances: fleet.addresses }));
      const load = await startLoad({ urls: [balancer.url], tenant, workers: 16, methods });
      resources.defer(() => load.stop());
      loads.push({ balancer, load });
    }
    const demanded = isFull ? requestsDemanded : 0;
    const isEnough = (): boolean => loads.every(({ load }) => load.requests >= demanded);

    const endings: Ending[] = [];
    for (let round = 1; round <= (isFull ? rounds.full : rounds.short) || !isEnough(); round += 1) {
      for (const instance of fleet.instances) {
        endings.push(await restart(instance));
      }
      const sent = loads.map(({ balancer, load }) => `${balancer.name} ${load.requests}`).join(', ');
      say(`restart ${round} of all three; requests so far: ${sent}`);
    }
    await Promise.all(loads.map(({ load }) => load.stop()));

    const figures: Figure[] = [
      { name: 'rolling restarts of three instances', value: endings.length / 3, unit: 'restarts' },
      {
        name: 'instances that did not end with 0',
        value: endings.filter(({ code }) => code !== 0).length,
        unit: 'instances',
        atMost: 0,
      },
      {
        name: 'longest stop',
        value: Math.max(...endings.map(({ seconds }) => seconds)),
        unit: 's',
        atMost: stopSecondsMax,
      },
    ];
    for (const { balancer, load } of loads) {
      if (load.failures.length > 0) {
        say(`${balancer.name}: ${summarize(load.failures)}`);
      }
      const lost = await lostIncidents(database.ownerDsn, tenant, load.acknowledged);
      figures.push(
        { name: `${balancer.name}: requests`, value: load.requests, unit: 'requests', atLeast: demanded },
        { name: `${balancer.name}: failed`, value: load.failures.length, unit: 'requests', atMost: 0 },
        {
          name: `${balancer.name}: of these, without a reply`,
          value: withoutReply(load.failures).length,
          unit: 'requests',
          atMost: 0,
        },
        { name: `${balancer.name}: acknowledged`, value: load.acknowledged.length, unit: 'incidents' },
        { name: `${balancer.name}: acknowledged and lost`, value: lost.length, unit: 'incidents', atMost: 0 },
      );
    }
    return figures;
  },
};

/** The drain of 5 s, 1.5 s for idle connections, and what a busy machine takes to end a process. */
const stopSecondsMax = 10;

/** As an orchestrator does it: the next one only when this one is ready again, and the balancers had a look at it. */
async function restart(instance: ServiceInstance): Promise<Ending> {
  const ending = await instance.end('SIGTERM');
  await instance.launch();
  await instance.ready();
  await delay(balancersLookMs);
  return ending;
}

/** Two checks of HAProxy; nginx has no checks, but 2 s of rest, which the next drain covers. */
const balancersLookMs = 1_200;
