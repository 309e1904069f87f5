import { setTimeout as delay } from 'node:timers/promises';
import { atAddress } from '../platform/database/dsn.ts';
import { isOk } from '../platform/programs/service-instance.ts';
import type { Drill, Figure } from './drill.ts';
import { type CountingProxy, startCountingProxy } from './harness/counting-proxy.ts';
import { startDrillDatabase } from './harness/drill-database.ts';
import { startFleet } from './harness/fleet.ts';
import { startLoad, summarize } from './harness/load.ts';
import { lostIncidents } from './harness/lost-incidents.ts';
import type { RequestResult } from './harness/send.ts';
import { signUp } from './harness/tenant.ts';

const outageSeconds = { full: 30, short: 8 };
/** Before the outage, and after service is back. */
const loadMs = 3_000;
const backWithinMs = 5_000;
const workers = 12;

/** Stops PostgreSQL under load and starts it again, with three instances that are left alone. */
export const databaseOutage: Drill = {
  name: 'database-outage',
  shows: 'PostgreSQL goes and comes back: no acknowledged write is lost, and service is back by itself.',
  programs: [],
  async run({ directory, isFull, say }) {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const proxies: CountingProxy[] = [];
    for (const _ of [1, 2, 3]) {
      proxies.push(resources.use(await startCountingProxy(database.port)));
    }
    const fleet = resources.use(
      await startFleet(directory, (index) => ({
        ...database.variables,
        METADATA_POSTGRES_DSN: atAddress(database.serviceDsn, '127.0.0.1', proxies[index]?.port ?? 0),
      })),
    );
    const tenant = await signUp(fleet.instances[0].url);
    const results: RequestResult[] = [];
    const urls = fleet.instances.map(({ url }) => url);
    const load = await startLoad({
      urls,
      tenant,
      workers,
      pauseMs: 5,
      onResult: (result) => results.push(result),
    });
    resources.defer(() => load.stop());
    const probes = watchProbes(urls);
    resources.defer(async () => {
      await probes.stop();
    });
    await delay(loadMs);

    const stoppedAt = performance.now();
    await database.stop();
    const goneAt = performance.now();
    say('PostgreSQL is stopped');
    await delay((isFull ? outageSeconds.full : outageSeconds.short) * 1_000);
    const startedAt = performance.now();
    await database.start();
    const backAt = performance.now();
    say('PostgreSQL is back');
    await delay(backWithinMs + loadMs);
    await load.stop();
    const failedProbes = await probes.stop();

    const wrong = load.failures.filter(
      ({ status, retryAfter }) => status !== 503 || retryAfter === undefined,
    );
    const late = load.failures.filter(({ startedAt: begun }) => begun > backAt + backWithinMs);
    if (wrong.length > 0 || late.length > 0) {
      say(`other than 503 with Retry-After: ${summarize(wrong)}; late: ${summarize(late)}`);
    }
    for (const { name, pid, logTail } of fleet.instances) {
      if (pid === undefined) {
        say(`${name} ended by itself:\n${await logTail()}`);
      }
    }
    const lost = await lostIncidents(database.ownerDsn, tenant, load.acknowledged);
    const figures: Figure[] = [
      { name: 'requests', value: load.requests, unit: 'requests', atLeast: 100 },
      { name: 'outage', value: (startedAt - goneAt) / 1_000, unit: 's' },
      { name: 'acknowledged', value: load.acknowledged.length, unit: 'incidents', atLeast: 10 },
      { name: 'acknowledged and lost', value: lost.length, unit: 'incidents', atMost: 0 },
      { name: 'answered other than 503 with Retry-After', value: wrong.length, unit: 'requests', atMost: 0 },
      { name: 'failed later than 5 s after it was back', value: late.length, unit: 'requests', atMost: 0 },
      { name: 'probes of life and readiness that failed', value: failedProbes, unit: 'probes', atMost: 0 },
    ];
    for (const [index, { url, name, starts }] of fleet.instances.entries()) {
      const first = results.find(
        (result) => result.url.startsWith(url) && result.endedAt > backAt && result.status === 200,
      );
      const during = proxies[index]?.connects.filter((moment) => moment > goneAt && moment < startedAt) ?? [];
      figures.push(
        {
          name: `${name}: first success after it was back`,
          value: first === undefined ? Number.NaN : (first.endedAt - backAt) / 1_000,
          unit: 's',
          atMost: backWithinMs / 1_000,
        },
        {
          name: `${name}: attempts to connect while it was away`,
          value: (during.length / (startedAt - goneAt)) * 1_000,
          unit: 'a second',
          atMost: 1.5,
        },
        { name: `${name}: restarts`, value: starts - 1, unit: 'restarts', atMost: 0 },
      );
    }
    return [...figures, { name: 'stop of PostgreSQL', value: (goneAt - stoppedAt) / 1_000, unit: 's' }];
  },
};

/** Asks each instance every half second whether it lives and is ready; counts the answers other than yes. */
function watchProbes(urls: readonly string[]): { stop(): Promise<number> } {
  let isStopping = false;
  let failed = 0;
  const watch = async (): Promise<void> => {
    while (!isStopping) {
      const asked = urls.flatMap((url) => [isOk(`${url}/health/live`), isOk(`${url}/health/ready`)]);
      failed += (await Promise.all(asked)).filter((isUp) => !isUp).length;
      await delay(500);
    }
  };
  const watching = watch();
  return {
    async stop() {
      isStopping = true;
      await watching;
      return failed;
    },
  };
}
