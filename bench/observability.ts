import { median, percentile, requestsPerSecond, startSubject, timeOf } from './load.ts';
import { openStage, signUp } from './stage.ts';

/** What metrics and logging cost: `GET /api/v1/users/{id}` with and without them, in turns; and a scrape under load. */
const rounds = 7;
const seconds = 4;

await using stage = await openStage();
await using resources = new AsyncDisposableStack();
const full = resources.use(await startSubject('full', stage.serviceDsn, stage.logFile));
const unobserved = resources.use(await startSubject('unobserved', stage.serviceDsn, stage.logFile));
const floor = resources.use(await startSubject('floor'));

const { id, token } = await signUp(full.url);

const subjects = [full, unobserved, floor] as const;
const rates = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (const { name, url } of round % 2 === 0 ? subjects : subjects.toReversed()) {
    const rate = await requestsPerSecond(`${url}/api/v1/users/${id}`, token, seconds);
    // The first round warms up.
    if (round > 0) {
      rates.get(name)?.push(rate);
    }
  }
}

const work = requestsPerSecond(`${full.url}/api/v1/users/${id}`, token, 10);
const scrapes: number[] = [];
const probes: number[] = [];
const end = performance.now() + 9_000;
while (performance.now() < end) {
  scrapes.push(await timeOf(`${full.operationsUrl}/metrics`));
  probes.push(await timeOf(`${full.url}/health/live`));
}
await work;

const rate = (name: string): number => median(rates.get(name) ?? []);
const p99 = (values: readonly number[]): number => percentile(values, 0.99);
const pairs = (rates.get('full') ?? []).map((each, round) => each / (rates.get('unobserved')?.[round] ?? 0));
process.stdout.write(`GET /api/v1/users/{id}, requests a second, medians of ${rounds} rounds of ${seconds} s in turns, 32 connections
  bare node:http                 ${rate('floor').toFixed(0)}
  without metrics and logging    ${rate('unobserved').toFixed(0)}   ${(rate('unobserved') / rate('floor')).toFixed(3)} of bare node:http
  as people run it               ${rate('full').toFixed(0)}   ${(rate('full') / rate('floor')).toFixed(3)} of bare node:http
  metrics and logging cost       ${((1 - median(pairs)) * 100).toFixed(1)} % of the throughput
A scrape of /metrics under that load, ${scrapes.length} times: median ${median(scrapes).toFixed(1)} ms, p99 ${p99(scrapes).toFixed(1)} ms
  /health/live between them: median ${median(probes).toFixed(1)} ms, p99 ${p99(probes).toFixed(1)} ms
`);
