import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, nginxSite, startBalancer } from '../../src/operations/balancing/index.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { ask, type EchoInstances, type Seen, startEchoInstances } from './echo-instances.ts';

const run = promisify(execFile);

describe.each(['nginx', 'haproxy'] as const)('%s with the shipped file', (name) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let instances: EchoInstances;
  let balancer: Balancer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    instances = await startEchoInstances();
    balancer = await startBalancer(name, { directory: folder.path, instances: instances.addresses });
  });
  afterAll(async () => {
    await balancer[Symbol.asyncDispose]();
    await instances[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    instances.draining.clear();
    instances.broken.clear();
    await instances.comeBack();
  });
  /** One that has had no failure yet, which would keep it from an instance for a while. */
  const freshBalancer = async () => {
    const directory = join(folder.path, randomUUID());
    return await startBalancer(name, { directory, instances: instances.addresses });
  };
  const passed = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> =>
    JSON.parse((await ask(balancer.url, path, { headers })).body) as Seen;

  test.each([
    '/metrics',
    '/metrics?x=1',
    '/metrics/',
    '/%6detrics',
    '/health/detailed',
    '/health/%64etailed?verbose',
    '/api/v1/ops',
    '/api/v1/ops/drain',
    '/api/v1/%6Fps/drain',
  ])('what is for operators stays inside: %s', async (path) => {
    const before = instances.seen.length;
    expect((await ask(balancer.url, path)).status).toBe(404);
    expect(instances.seen.length).toBe(before);
  });

  test.each(['/', '/health', '/health/ready?', '/api/v1/teams/1/incidents?limit=1', '/a%2Fb'])(
    'everything else reaches an instance as it was written: %s',
    async (path) => {
      expect((await passed(path)).url).toBe(path);
    },
  );

  test('the address of the client is the one that it has, whatever it says', async () => {
    const spoofed = {
      'x-forwarded-for': '203.0.113.7',
      'x-real-ip': '203.0.113.7',
      'x-forwarded-proto': 'https',
    };
    expect((await passed('/', { ...spoofed, host: 'api.example.com' })).headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      host: 'api.example.com',
    });
  });

  test('a sane request id is passed on, any other is replaced', async () => {
    expect((await passed('/', { 'x-request-id': 'mine-1.2_3' })).headers['x-request-id']).toBe('mine-1.2_3');
    for (const id of ['', 'a b', 'x'.repeat(129), '<script>']) {
      expect((await passed('/', { 'x-request-id': id })).headers['x-request-id']).toMatch(
        /^[0-9a-f-]{32,36}$/,
      );
    }
  });

  test('a read whose instance breaks goes to the next', async () => {
    instances.broken.add(0).add(1);
    for (let turn = 0; turn < 6; turn += 1) {
      expect((await ask(balancer.url, '/read')).status).toBe(200);
    }
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'a write that may have been taken goes to one instance only: %s',
    async (method) => {
      await using fresh = await freshBalancer();
      instances.broken.add(0).add(1).add(2);
      const before = instances.seen.length;
      const { status } = await ask(fresh.url, '/write', { method, body: '{"a":1}' });
      expect([0, 502]).toContain(status);
      expect(instances.seen.slice(before).map((seen) => seen.method)).toEqual([method]);
    },
  );

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'a write whose instance is not there goes to the next, as it was: %s',
    async (method) => {
      await using fresh = await freshBalancer();
      await instances.leave(0);
      await instances.leave(1);
      for (let turn = 0; turn < 6; turn += 1) {
        const before = instances.seen.length;
        expect(await ask(fresh.url, '/write', { method, body: '{"a":1}' })).toMatchObject({ status: 200 });
        expect(instances.seen.slice(before)).toMatchObject([{ instance: 2, method, body: '{"a":1}' }]);
      }
    },
  );
});

test('HAProxy counts the replies that an instance broke off, which alone tell of a closed connection', async () => {
  await using folder = await temporaryFolder();
  await using instances = await startEchoInstances();
  await using balancer = await startBalancer('haproxy', {
    directory: folder.path,
    instances: instances.addresses,
  });
  const counted = async (): Promise<string | undefined> => {
    const text = await (await fetch(`http://${balancer.metricsAddress}/metrics`)).text();
    return /^haproxy_backend_response_errors_total\{proxy="brownie_api"\} (\d+)$/m.exec(text)?.[1];
  };
  expect(await counted()).toBe('0');
  expect((await ask(balancer.url, '/')).status).toBe(200);
  instances.broken.add(0).add(1).add(2);
  await ask(balancer.url, '/write', { method: 'POST', body: '{}' });
  await expect.poll(counted).toBe('1');
  expect((await fetch(`http://${balancer.metricsAddress}/stats`)).status).toBe(404);
});

test('HAProxy leaves out an instance that drains, within a second or little more', async () => {
  await using folder = await temporaryFolder();
  await using instances = await startEchoInstances();
  await using balancer = await startBalancer('haproxy', {
    directory: folder.path,
    instances: instances.addresses,
  });
  const reached = async (): Promise<number[]> => {
    const before = instances.seen.length;
    for (let turn = 0; turn < 9; turn += 1) {
      await ask(balancer.url, '/');
    }
    return [...new Set(instances.seen.slice(before).map(({ instance }) => instance))].sort();
  };
  expect(await reached()).toEqual([0, 1, 2]);
  instances.draining.add(1);
  await expect.poll(reached).toEqual([0, 2]);
  instances.draining.clear();
  await expect.poll(reached).toEqual([0, 1, 2]);
});

test('nginx takes the shipped file with its lines for TLS', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const [certificate, key] = [join(path, 'tls.crt'), join(path, 'tls.key')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
  ]);
  const site = await nginxSite({
    listen: '127.0.0.1:1',
    instances: ['127.0.0.1:2', '127.0.0.1:3', '127.0.0.1:4'],
    accessLog: join(path, 'access.log'),
  });
  const withTls = site
    .replaceAll('#tls ', '')
    .replace('/etc/nginx/tls/tls.crt', certificate)
    .replace('/etc/nginx/tls/tls.key', key);
  expect(withTls).toContain(`ssl_certificate ${certificate};`);
  await writeFile(join(path, 'site.conf'), withTls);
  await writeFile(
    join(path, 'nginx.conf'),
    `pid ${path}/pid; error_log stderr; events {} http { include ${path}/site.conf; }\n`,
  );
  const { stderr } = await run('nginx', ['-t', '-q', '-p', path, '-c', join(path, 'nginx.conf')]);
  expect(stderr).toBe('');
});
