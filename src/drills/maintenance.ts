import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { finishBrownie, runBrownie } from '../platform/programs/run-brownie.ts';
import { isOk } from '../platform/programs/service-instance.ts';
import type { Drill } from './drill.ts';
import { startDrillDatabase } from './harness/drill-database.ts';
import { startFleet } from './harness/fleet.ts';
import { startLoad, summarize } from './harness/load.ts';
import { lostIncidents } from './harness/lost-incidents.ts';
import { repeatLogins } from './harness/repeat-logins.ts';
import type { RequestResult } from './harness/send.ts';
import { signUp, type Tenant } from './harness/tenant.ts';

const message = 'The database moves to another machine';
/** Of load before maintenance, during and after it; how often it is repeated. */
const extent = { full: { phaseMs: 10_000, rounds: 3 }, short: { phaseMs: 3_000, rounds: 1 } };
const withinSeconds = 1;
/** An instance looks twice a second whether it is over: what follows is the machine's pace, which a quiet one is asked for in full form. */
const backWithinSeconds = { full: 1, short: 5 };

/** Turns maintenance on and off under load, and drains one of three instances. */
export const maintenance: Drill = {
  name: 'maintenance',
  shows:
    'Maintenance on: no instance acknowledges a write, reads and logins go on. Off again: nothing is lost. An instance drains and comes back.',
  programs: [],
  async run({ directory, isFull, say }) {
    const { phaseMs, rounds } = isFull ? extent.full : extent.short;
    const backWithin = isFull ? backWithinSeconds.full : backWithinSeconds.short;
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const variables = {
      ...database.variables,
      METADATA_OPERATOR_TOKEN: randomBytes(24).toString('base64url'),
    };
    const fleet = resources.use(await startFleet(directory, variables));
    const urls = fleet.instances.map(({ url }) => url);
    const tenant = await signUp(urls[0] ?? '');
    const results: RequestResult[] = [];
    const load = await startLoad({
      urls,
      tenant,
      workers: 12,
      pauseMs: 5,
      onResult: (result) => results.push(result),
    });
    resources.defer(() => load.stop());
    const logins = repeatLogins(urls, tenant);
    resources.defer(() => logins.stop());
    const brownie = (...args: string[]): Promise<string> => runBrownie(args, { variables, directory });

    const spans: Span[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await delay(phaseMs);
      const askedOn = performance.now();
      await brownie('maintenance', 'on', '--message', message, '--until', '10m');
      const onAt = performance.now();
      say('maintenance is on');
      await delay(phaseMs);
      const askedOff = performance.now();
      await brownie('maintenance', 'off');
      spans.push({ askedOn, onAt, askedOff, offAt: performance.now() });
      say('maintenance is off');
    }
    await delay(phaseMs);

    const [drained = ''] = urls;
    // @NOTE its exit code is 3: the load is sent to it all the same, by no load balancer.
    await finishBrownie(['drain', '--url', drained, '--wait', '0'], { variables, directory });
    const isReadyWhileDrained = await isOk(`${drained}/health/ready`);
    await delay(1_000);
    await brownie('undrain', '--url', drained);
    const isReadyAgain = await isOk(`${drained}/health/ready`);
    await Promise.all([load.stop(), logins.stop()]);

    const wrong = load.failures.filter(
      (result) => !isRefusal(result) || !spans.some((span) => isWithin(span, result, backWithin)),
    );
    if (wrong.length > 0) {
      say(`other than a refusal during maintenance: ${summarize(wrong)}`);
    }
    const lost = await lostIncidents(database.ownerDsn, tenant, load.acknowledged);
    const kept = await countIncidents(database.ownerDsn, tenant);
    const late = spans.map((span) => secondsToLast(results, span));
    const back = spans.map((span) => secondsToFirst(results, span));
    return [
      { name: 'requests', value: load.requests, unit: 'requests', atLeast: 100 },
      { name: 'acknowledged', value: load.acknowledged.length, unit: 'incidents', atLeast: 20 },
      { name: 'refused', value: load.failures.length, unit: 'requests', atLeast: 20 },
      {
        name: 'last write acknowledged after it was on',
        value: Math.max(...late),
        unit: 's',
        atMost: withinSeconds,
      },
      {
        name: 'first write acknowledged after it was off',
        value: Math.max(...back),
        unit: 's',
        atMost: backWithin,
      },
      {
        name: 'failed, but for writes refused during maintenance',
        value: wrong.length,
        unit: 'requests',
        atMost: 0,
      },
      { name: 'logins', value: logins.count, unit: 'logins', atLeast: 10 },
      { name: 'logins that failed', value: logins.failed, unit: 'logins', atMost: 0 },
      { name: 'acknowledged and lost', value: lost.length, unit: 'incidents', atMost: 0 },
      {
        name: 'kept, but not acknowledged',
        value: kept - load.acknowledged.length,
        unit: 'incidents',
        atMost: 0,
      },
      {
        name: 'drained instance that is ready',
        value: Number(isReadyWhileDrained),
        unit: 'instances',
        atMost: 0,
      },
      {
        name: 'undrained instance that is ready',
        value: Number(isReadyAgain),
        unit: 'instances',
        atLeast: 1,
      },
    ];
  },
};

/** Moments of one maintenance: when the commands were started, and when they had ended. */
interface Span {
  readonly askedOn: number;
  readonly onAt: number;
  readonly askedOff: number;
  readonly offAt: number;
}

/** The refusal that clients are promised. */
const isRefusal = ({ method, status, retryAfter, body }: RequestResult): boolean =>
  method === 'POST' &&
  status === 503 &&
  Number(retryAfter) > 0 &&
  body.includes('"service.maintenance"') &&
  body.includes(message);

/** @NOTE an instance may learn late that it is over: `seconds` at most. */
const isWithin = (
  { askedOn, offAt }: Span,
  { startedAt, endedAt }: RequestResult,
  seconds: number,
): boolean => endedAt >= askedOn && startedAt <= offAt + seconds * 1_000;

const writes = (results: readonly RequestResult[]): RequestResult[] =>
  results.filter(({ method, status }) => method === 'POST' && status === 200);

/** Between the end of `maintenance on` and the last write acknowledged until `off` was asked for; 0 where there is none. */
function secondsToLast(results: readonly RequestResult[], { onAt, askedOff }: Span): number {
  const after = writes(results).filter(({ endedAt }) => endedAt > onAt && endedAt < askedOff);
  return Math.max(0, ...after.map(({ endedAt }) => endedAt - onAt)) / 1_000;
}

/** Until every worker's writes are taken again: the last of the first ones, by instance. */
function secondsToFirst(results: readonly RequestResult[], { offAt }: Span): number {
  const byInstance = Map.groupBy(writes(results), ({ url }) => new URL(url).host);
  const firsts = [...byInstance.values()].map(
    (own) => own.find(({ endedAt }) => endedAt > offAt)?.endedAt ?? Number.NaN,
  );
  return (Math.max(...firsts) - offAt) / 1_000;
}

async function countIncidents(dsn: string, { organizationId }: Tenant): Promise<number> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await client.query(`select set_config('app.org_id', $1, false)`, [organizationId]);
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from incidents');
    return rows[0]?.n ?? Number.NaN;
  } finally {
    await client.end();
  }
}
