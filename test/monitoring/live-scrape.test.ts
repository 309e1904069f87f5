import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alerts } from '../../monitoring/catalogue.ts';
import { recordings } from '../../monitoring/documents/metric-uses.ts';
import { labelsByMetric } from '../../monitoring/metrics-used.ts';
import { queriesOf } from '../harness/document-faults.ts';
import { type LiveStack, startLiveStack } from './faults/live-stack.ts';
import { startLoad } from './faults/load.ts';
import { commandsOf, run } from './faults/run-runbook.ts';

const root = join(import.meta.dirname, '../../');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

let stack: LiveStack;
let token = '';
let team: string;

const login = { email: 'ada@example.com', password: 'correct-horse-battery-staple' };

const send = (path: string, body: object): Promise<Response> =>
  fetch(`${stack.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  stack = await startLiveStack({ timeScale: 30, certificateDays: 90 });
  const person = { ...login, username: 'ada', organization_name: 'Acme', team_name: 'Platform' };
  const signup = await send('/auth/signup', person);
  token = ((await signup.json()) as { access_token: string }).access_token;
  const me = await fetch(`${stack.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  team = ((await me.json()) as { team_id: string }).team_id;
});
afterAll(() => stack[Symbol.asyncDispose]());

/** The labels of each series of a scrape, by its name; Prometheus adds those of the target. */
async function scrape(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const text = await (await fetch(`${stack.url}/metrics`)).text();
  const found = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z0-9_:]+)(?:\{(.*)\})? /gim)) {
    const known = found.get(name) ?? new Set(['job', 'instance', 'environment']);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) {
      known.add(label);
    }
    found.set(name, known);
  }
  for (const { __name__: name = '', ...labels } of await beside()) {
    found.set(name, new Set([...(found.get(name) ?? []), ...Object.keys(labels)]));
  }
  return found;
}

/** The series of the programs beside the service: of the prober and of the load balancer. */
async function beside(): Promise<readonly Readonly<Record<string, string>>[]> {
  const match = encodeURIComponent('{job=~"brownie-(front|haproxy)"}');
  const reply = await fetch(`${stack.prometheus.url}/api/v1/series?match[]=${match}`);
  return ((await reply.json()) as { data: Record<string, string>[] }).data;
}

interface Use {
  readonly where: string;
  readonly expr: string;
}

async function uses(): Promise<readonly Use[]> {
  const dashboards = await readdir(join(root, 'deploy/grafana/dashboards/'));
  const panels = await Promise.all(
    dashboards.map(async (file) => {
      const text = await read(`deploy/grafana/dashboards/${file}`);
      return [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, expr = '""']) => ({
        where: file,
        expr: (JSON.parse(expr) as string).replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h'),
      }));
    }),
  );
  const runbooks = (await readdir(join(root, 'docs/runbooks/'))).map((file) => `docs/runbooks/${file}`);
  const documents = await Promise.all(
    ['docs/operations.md', 'docs/metrics.md', ...runbooks].map(async (file) =>
      queriesOf(await read(file)).map((expr) => ({ where: file, expr })),
    ),
  );
  return [
    ...alerts.flatMap(({ name, rules }) => rules.map(({ expr }) => ({ where: name, expr }))),
    ...recordings.map(({ name, expr }) => ({ where: name, expr })),
    ...panels.flat(),
    ...documents.flat(),
  ];
}

test('every metric and every label that something reads is in a live scrape', async () => {
  const series = await scrape();
  const recorded = new Set(recordings.map(({ name }) => name));
  const elsewhere = new Set([
    ...['up', 'ALERTS', 'ALERTS_FOR_STATE'],
    // @NOTE the load balancer of this test speaks no TLS: prober.test.ts has one that does.
    'probe_ssl_earliest_cert_expiry',
    // @NOTE its database has no replica: those of `brownie drill replicas` have these series.
    ...['brownie_replica_usable', 'brownie_replica_lag_seconds', 'brownie_reads_total'],
  ]);
  const all = await uses();
  expect(all.length).toBeGreaterThan(100);
  const missing = all.flatMap(({ where, expr }) =>
    [...labelsByMetric([expr])]
      .filter(([metric]) => !recorded.has(metric) && !elsewhere.has(metric))
      .flatMap(([metric, labels]) => {
        const known = series.get(metric);
        return known === undefined
          ? [`${where}: ${metric}`]
          : [...labels].filter((label) => !known.has(label)).map((label) => `${where}: ${metric}{${label}}`);
      }),
  );
  expect(missing).toEqual([]);
});

test('Prometheus itself serves the runbook that each rule links to', async () => {
  const reply = await fetch(`${stack.prometheus.url}/api/v1/rules?type=alert`);
  const { data } = (await reply.json()) as {
    data: { groups: { rules: { name: string; annotations: { runbook_url: string } }[] }[] };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  expect(new Set(rules.map(({ name }) => name))).toEqual(new Set(alerts.map(({ name }) => name)));
  for (const { name, annotations } of rules) {
    const link = annotations.runbook_url.replace('{{ $externalURL }}', stack.prometheus.url);
    const page = await (await fetch(link)).text();
    expect([name, page.split('\n')[0]]).toEqual([name, `# ${name}`]);
  }
});

test('promtool finds nothing to say about a scrape', async () => {
  const text = await (await fetch(`${stack.url}/metrics`)).text();
  const child = promisify(execFile)('promtool', ['check', 'metrics']);
  child.child.stdin?.end(text);
  const said = await child.then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
  );
  expect(said.split('\n').filter((line) => line !== '')).toEqual([]);
});

// @NOTE dozens of commands, one after the other: longer than a test that hangs may take.
test('every command of the guide and of the runbooks runs', { timeout: 900_000 }, async () => {
  const runbooks = (await readdir(join(root, 'docs/runbooks/'))).map((file) => `docs/runbooks/${file}`);
  const documents = await Promise.all(['docs/operations.md', ...runbooks].map(read));
  const commands = new Set(documents.flatMap(commandsOf).map(({ command }) => command));
  expect(commands.size).toBeGreaterThan(50);
  const variables = await stack.operatorVariables();
  for (const command of commands) {
    const { code, output } = await run(command, variables);
    expect(code, `${command}\n${output}`).toBe(0);
  }
});

test('the documented export of the audit trail has every entry, once', async () => {
  const guide = await read('docs/operations.md');
  const script = /```bash\n(curl [^`]*?audit-events\/export[^`]*?)>audit\.ndjson/.exec(guide)?.[1] ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const me = await fetch(`${stack.url}/api/v1/auth/me`, { headers });
  const { org_id: organization } = (await me.json()) as { org_id: string };
  const { code, output } = await run(script, {
    ...(await stack.operatorVariables()),
    TOKEN: token,
    ORGANIZATION: organization,
  });
  expect(code, output.slice(-500)).toBe(0);
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const ids = lines.map((line) => (JSON.parse(line) as { entry: { id: string } }).entry.id);
  expect(ids.length).toBeGreaterThan(2);
  expect(ids.toSorted()).toEqual(
    await stack.column(`select id from audit_events where action <> 'audit_trail.exported' order by id`),
  );
});

test('the queries of the guide tell the truth', async () => {
  await stack.sql(
    `create function injected_fault() returns trigger language plpgsql as
     $$begin perform pg_sleep(0.1); if random() < 0.1 then raise exception 'injected'; end if; return new; end$$`,
  );
  await stack.sql(
    'create trigger injected_fault before insert on incidents for each row execute function injected_fault()',
  );
  const create = () => send(`/teams/${team}/incidents`, { title: 'Disk full' });

  const load = startLoad({ request: create, clients: 8, pauseMs: 20 });
  await expect.poll(() => load.statuses.get(200) ?? 0, { timeout: 60_000 }).toBeGreaterThan(1_500);
  await load[Symbol.asyncDispose]();
  const served = (load.statuses.get(200) ?? 0) + (load.statuses.get(500) ?? 0);
  await expect
    .poll(() => stack.prometheus.value('sum(http_requests_total{endpoint=~".*incidents",method="POST"})'), {
      timeout: 10_000,
    })
    .toBe(served);

  const { LOG: log = '' } = await stack.operatorVariables();
  const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('"brownie.access"'));
  const fiveMinutesAgo = Date.now() - 300_000;
  const requests = lines
    .map((line) => JSON.parse(line) as { timestamp: string; status_code: number; duration_ms: number })
    .filter(({ timestamp }) => Date.parse(timestamp) > fiveMinutesAgo);
  const failed = requests.filter(({ status_code: status }) => status >= 500).length;
  const seconds = requests.reduce((sum, { duration_ms: ms }) => sum + ms, 0) / 1_000;

  const [rate = '', errors = '', , mean = ''] = queriesOf(await read('docs/operations.md'));
  const ratio = async (query: string, truth: number): Promise<number> =>
    ((await stack.prometheus.value(query)) ?? Number.NaN) / truth;
  expect(failed).toBeGreaterThan(50);
  // @NOTE the queries look back five minutes: what was served in them, over 300 seconds.
  const ratios = {
    rate: await ratio(rate, requests.length / 300),
    errors: await ratio(errors, failed / requests.length),
    mean: await ratio(mean, seconds / requests.length),
  };
  for (const [name, value] of Object.entries(ratios)) {
    expect([name, Math.abs(value - 1) <= 0.05, value]).toEqual([name, true, value]);
  }
});

test('the pool in use is what PostgreSQL sees in use', async () => {
  const usage = queriesOf(await read('docs/operations.md')).find((query) =>
    query.startsWith('database_connections_active'),
  );
  await stack.sql(
    `create or replace function injected_fault() returns trigger language plpgsql as
     $$begin perform pg_sleep(4); return new; end$$`,
  );
  const held = Array.from({ length: 15 }, () => send(`/teams/${team}/incidents`, { title: 'Held' }));
  await expect.poll(() => stack.prometheus.value(usage ?? ''), { interval: 200 }).toBe(15 / 50);
  await Promise.all(held);
});
