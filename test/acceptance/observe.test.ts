import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateTraffic } from '../../monitoring/observe/traffic.ts';
import { startApp } from '../harness/app.ts';
import { temporaryFolder } from './service-process.ts';

const root = join(import.meta.dirname, '../..');

/** Runs it as far as it gets without Prometheus. */
function observe(
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: 20_000 };
    execFile(process.execPath, ['monitoring/observe/observe.ts', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

test('it says what it takes', async () => {
  const { code, stdout, stderr } = await observe('--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Usage: npm run observe -- \[options\]/);
  expect(stdout.match(/^ +--[a-z-]+/gm)?.map((option) => option.trim())).toEqual([
    '--url',
    '--directory',
    '--prometheus-port',
    '--alertmanager-port',
    '--prober-port',
    '--time-scale',
    '--no-traffic',
  ]);
});

test('docs/operations.md names each of its options', async () => {
  const { stdout } = await observe('--help');
  const guide = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const options = stdout.match(/--[a-z]+[a-z-]*(?= )/g)?.filter((option) => option !== '--help') ?? [];
  expect(options.length).toBeGreaterThan(5);
  expect(options.filter((option) => !guide.includes(`\`${option}\``))).toEqual([]);
});

test.each([
  [['--nonsense'], /^error: unknown option '--nonsense'\n$/],
  [['--url', 'localhost'], /^error: .* argument 'localhost' is invalid\. Give one such as .*\n$/],
  [['--prometheus-port', '70000'], /^error: .*'70000' is invalid\. .*\n$/],
  [['--time-scale', '0'], /^error: .*'0' is invalid\. Give a number from 1 on\.\n$/],
])('%j is refused in a line', async (args, line) => {
  const { code, stdout, stderr } = await observe(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(line);
});

test('it needs a service to watch', async () => {
  expect(await observe('--url', 'http://127.0.0.1:1/')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'Nothing answers at http://127.0.0.1:1: run `npm start` in another terminal first, or name it with --url\n',
  });
});

test('it takes no port of somebody else', async () => {
  const service = createServer((_request, reply) => {
    reply.end();
  });
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve);
  });
  const { port } = service.address() as AddressInfo;
  const refused = await observe('--url', `http://127.0.0.1:${port}`, '--prometheus-port', String(port));
  await new Promise((resolve) => {
    service.close(resolve);
  });
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `Somebody listens at port ${port} already: choose another one with --prometheus-port\n`,
  ]);
});

test('on a database that it has been on before it makes traffic, with the login that it kept and without', async () => {
  await using app = await startApp();
  await using folder = await temporaryFolder();
  const seen = async (): Promise<{ organizations: number; incidents: number }> => {
    const { rows } = await app.superuser.query(
      `select count(distinct o.id)::int as organizations, count(i.id)::int as incidents
       from organizations o left join incidents i on i.org_id = o.id where o.name like 'Observed traffic-%'`,
    );
    return rows[0];
  };
  const observed = async (file: string) => {
    const before = await seen();
    const stop = new AbortController();
    const running = generateTraffic(app.url, join(folder.path, file), stop.signal);
    await expect.poll(async () => (await seen()).incidents).toBeGreaterThan(before.incidents);
    stop.abort();
    await running;
    return (await seen()).organizations - before.organizations;
  };
  expect(await observed('login.json')).toBe(1);
  expect(await observed('login.json')).toBe(0);
  expect(await observed('lost.json')).toBe(1);
});
