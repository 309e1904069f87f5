import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brownie, type ServiceProcess, startService, temporaryFolder } from './service-process.ts';
import { askToSignUp } from './sign-up.ts';

interface Entry {
  readonly item: string;
  readonly result: string;
  readonly evidence: readonly string[];
  readonly command: string | null;
}

const resources = new AsyncDisposableStack();
let folder: string;
let service: ServiceProcess;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = resources.use(await temporaryFolder()).path;
  variables = {
    METADATA_DATA_DIR: join(folder, 'data'),
    // Whatever Prometheus this machine runs is not of this test.
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    METADATA_OPERATOR_TOKEN: 'operator-4711-operator-4711-operator-4711',
  };
  service = resources.use(await startService(variables, folder));
  variables['METADATA_PORT'] = new URL(service.url).port;
});
afterAll(() => resources.disposeAsync());

const run = (...args: readonly string[]) => brownie(args, variables, folder);
async function checklist(...args: readonly string[]): Promise<Record<string, Entry>> {
  const { stdout } = await run('checklist', ...args, '--json');
  const { items } = JSON.parse(stdout) as { items: readonly Entry[] };
  return Object.fromEntries(items.map((entry) => [entry.item, entry]));
}
/** What the service has logged, as a file. */
async function logFile(): Promise<string> {
  const path = join(folder, 'service log');
  await writeFile(path, service.output());
  return path;
}

test('a planned evening is no disaster: what maintenance refuses is told, and not counted', async () => {
  await run('maintenance', 'on', '--message', 'Upgrade');
  for (let count = 0; count < 30; count++) {
    const reply = await askToSignUp(service.url);
    expect(reply.status).toBe(503);
  }
  await run('maintenance', 'off');
  await expect.poll(() => service.output().match(/"service\.maintenance"/g)?.length).toBe(30);

  const items = await checklist('daily', '--log', await logFile());
  const refused = expect.stringContaining('30 changes refused because of maintenance: no errors');
  expect(items['Review error logs']).toMatchObject({
    result: 'pass',
    evidence: [expect.stringMatching(/^no error in /), refused],
  });
  expect(items['Monitor metrics dashboard']).toMatchObject({ result: 'pass' });
  expect(items['Monitor metrics dashboard']?.evidence).toContainEqual(refused);
});

test('an instance that is drained says how it is put back', async () => {
  await run('drain', '--wait', '0');
  const own = await run('checklist', 'daily', '--log', await logFile());
  expect(own.code).toBe(1);
  expect(own.stdout).toContain(
    `http://127.0.0.1:${variables['METADATA_PORT']}/health/ready: 503 draining: put it back with brownie undrain,`,
  );
  expect(own.stdout).toContain('    do: brownie undrain\n');
  expect(own.stdout).toMatch(/\n\n3 of 4 items fine, 1 failed\n$/);

  const named = `http://localhost:${variables['METADATA_PORT']}`;
  const other = await checklist('daily', '--url', named);
  expect(other['Check health endpoints']?.command).toBe(`brownie undrain --url ${named}`);
  await run('undrain');
  expect((await checklist('daily'))['Check health endpoints']).toMatchObject({ result: 'pass' });
});

test('a log that cannot be read fails what needs it, and nothing else', async () => {
  const missing = join(folder, 'nothing');
  const fault = `${missing} cannot be read: there is no such file`;
  const daily = await checklist('daily', '--log', missing);
  expect(daily['Review error logs']).toMatchObject({ result: 'fail', evidence: [fault] });
  const weekly = await checklist('weekly', '--log', folder);
  expect(weekly['Review security logs']).toMatchObject({ result: 'fail' });
  expect(weekly['Review security logs']?.evidence[0]).toBe(`${folder} cannot be read: it is a folder`);
  const foreign = join(folder, 'foreign.log');
  await writeFile(foreign, '18:03:25 ERROR something\n');
  expect((await checklist('daily', '--log', foreign))['Review error logs']).toMatchObject({
    result: 'fail',
    evidence: [`${foreign} cannot be read: none of its lines is a JSON line of the service`],
  });
  const both = [...Object.values(daily), ...Object.values(weekly)];
  const others = both.filter(({ item }) => !['Review error logs', 'Review security logs'].includes(item));
  // What else they find is of this machine at this moment.
  expect(others.map(({ evidence }) => evidence.join('\n'))).toEqual(
    Array.from({ length: 6 }, () => expect.not.stringContaining('cannot be read')),
  );
  expect(others.map(({ evidence }) => evidence)).not.toContainEqual([]);
});

test('an alert that fires turns the dashboard red', async () => {
  const alert = {
    state: 'firing',
    activeAt: '2026-11-25T14:00:00Z',
    labels: { alertname: 'DatabaseDown', severity: 'critical' },
  };
  const prometheus = createServer((_request, reply) => {
    reply.end(JSON.stringify({ status: 'success', data: { alerts: [alert] } }));
  });
  await new Promise<void>((resolve) => {
    prometheus.listen(0, '127.0.0.1', resolve);
  });
  const { port } = prometheus.address() as AddressInfo;
  const { stdout } = await brownie(
    ['checklist', 'daily'],
    { ...variables, PROMETHEUS_URL: `http://127.0.0.1:${port}` },
    folder,
  );
  await new Promise((resolve) => {
    prometheus.close(resolve);
  });
  expect(stdout).toMatch(
    /\[!\] Monitor metrics dashboard: FAILED\n(?: {4}.*\n)* {4}alert: DatabaseDown \(critical\) since 2026-11-25T14:00:00Z\n {4}read: docs\/runbooks\/README.md\n/,
  );
});

test('of the embedded database, doctor says how it is backed up', async () => {
  const { code, stdout } = await run('doctor', '--json');
  const { checks } = JSON.parse(stdout) as { checks: readonly { check: string; finding: string }[] };
  expect(checks.find(({ check }) => check === 'backups.age')?.finding).toContain(
    `${join(folder, 'data')}: \`brownie backup create\` makes one`,
  );
  expect(code).toBe(0);
});

test('without the database, doctor condenses what it could not look at', async () => {
  const { code, stdout } = await brownie(
    ['doctor'],
    { METADATA_POSTGRES_DSN: 'postgresql://brownie:4711-4711-4711@127.0.0.1:1/brownie', METADATA_PORT: '0' },
    folder,
  );
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /\n\n\d+ checks could not look: the database cannot be reached \(2\d\), .*\. Which: brownie doctor --json\n\n\d+ checks: 1 critical, .*\n$/,
  );
});
