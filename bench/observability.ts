import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsDirectory } from '../src/database-gate.ts';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/index.ts';
import { applyMigrations, readMigrations } from '../src/platform/migrations/index.ts';
import { median, requestsPerSecond, startSubject, timeOf } from './load.ts';

/** What metrics and logging cost: `GET /api/v1/users/{id}` with and without them, in turns; and a scrape under load. */
const rounds = 7;
const seconds = 4;

const directory = await mkdtemp(join(tmpdir(), 'brownie-bench-'));
await using resources = new AsyncDisposableStack();
resources.defer(() => rm(directory, { recursive: true, force: true }));
const postgres = resources.use(await startEmbeddedPostgres({ directory }));
await applyMigrations({
  dsn: postgres.ownerDsn,
  migrations: await readMigrations(migrationsDirectory),
  onProgress: () => undefined,
});

const logFile = join(directory, 'service.log');
const full = resources.use(await startSubject('full', postgres.serviceDsn, logFile));
const unobserved = resources.use(await startSubject('unobserved', postgres.serviceDsn, logFile));
const floor = resources.use(await startSubject('floor'));

const signup = await fetch(`${full.url}/api/v1/auth/signup`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    email: 'ada@example.com',
    username: 'ada',
    password: 'correct-horse-battery-staple',
    organization_name: 'Acme',
    team_name: 'Platform',
  }),
});
const { access_token: token } = (await signup.json()) as { access_token: string };
const me = await fetch(`${full.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
const { id } = (await me.json()) as { id: string };

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

const load = requestsPerSecond(`${full.url}/api/v1/users/${id}`, token, 10);
const scrapes: number[] = [];
const probes: number[] = [];
const end = performance.now() + 9_000;
while (performance.now() < end) {
  scrapes.push(await timeOf(`${full.url}/metrics`));
  probes.push(await timeOf(`${full.url}/health/live`));
}
await load;

const rate = (name: string): number => median(rates.get(name) ?? []);
const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN;
const pairs = (rates.get('full') ?? []).map((each, round) => each / (rates.get('unobserved')?.[round] ?? 0));
process.stdout.write(`GET /api/v1/users/{id}, requests a second, medians of ${rounds} rounds of ${seconds} s in turns, 32 connections
  bare node:http                 ${rate('floor').toFixed(0)}
  without metrics and logging    ${rate('unobserved').toFixed(0)}   ${(rate('unobserved') / rate('floor')).toFixed(3)} of bare node:http
  as people run it               ${rate('full').toFixed(0)}   ${(rate('full') / rate('floor')).toFixed(3)} of bare node:http
  metrics and logging cost       ${((1 - median(pairs)) * 100).toFixed(1)} % of the throughput
A scrape of /metrics under that load, ${scrapes.length} times: median ${median(scrapes).toFixed(1)} ms, p99 ${p99(scrapes).toFixed(1)} ms
  /health/live between them: median ${median(probes).toFixed(1)} ms, p99 ${p99(probes).toFixed(1)} ms
`);
