import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { expect, inject, test } from 'vitest';
import { freePort } from './free-port.ts';
import { ownDatabase } from './own-database.ts';
import { brownie, launchService, logLines, messagesOf } from './service-process.ts';

const { service: serviceDsn } = inject('databases');
const patience = { timeout: 120_000, interval: 50 };

/** Makes the test's database appear at a port. */
async function appear(port: number): Promise<Server> {
  const database = new URL(serviceDsn);
  const proxy = createServer((client) => {
    const server = connect(Number(database.port), database.hostname);
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  }).listen(port, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

/** What an instance needs whose database is at a port, where there is none yet. */
async function waitingVariables(comesLate = serviceDsn) {
  const [port, databasePort] = [await freePort(), await freePort()];
  const dsn = new URL(comesLate);
  dsn.port = String(databasePort);
  return {
    url: `http://127.0.0.1:${port}`,
    databasePort,
    variables: {
      METADATA_POSTGRES_DSN: dsn.href,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      METADATA_HOST: '127.0.0.1',
      METADATA_PORT: String(port),
    },
  };
}

const statusOf = async (url: string): Promise<number | 'refused'> =>
  await fetch(url, { headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => 'refused',
  );

test('a database that comes late is waited for, and probes are answered meanwhile', async () => {
  // Of its own: the keys in the one that tests share are encrypted under other secrets.
  await using own = await ownDatabase({ isMigrated: true });
  const { url, databasePort, variables } = await waitingVariables(own.variables['METADATA_POSTGRES_DSN']);
  await using service = launchService(variables);
  await expect.poll(() => statusOf(`${url}/health/startup`), patience).toBe(503);
  expect(await statusOf(`${url}/health/live`)).toBe(200);
  expect(await statusOf(`${url}/health/ready`)).toBe(503);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
    status: 'unhealthy',
    database: 'unhealthy',
  });
  const refused = await fetch(`${url}/api/v1/auth/me`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.json()).toMatchObject({ code: 'service.unavailable' });

  const database = await appear(databasePort);
  try {
    await service.started;
    expect(await statusOf(`${url}/health/startup`)).toBe(200);
    expect(await statusOf(`${url}/api/v1/auth/me`)).toBe(401);
    const waits = logLines(service.output()).filter(({ reason }) => reason === 'ECONNREFUSED');
    expect(waits[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('connection failed'),
    });
    expect(waits.length).toBeLessThan(12);
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  } finally {
    database.close();
  }
});

test('a start that waits can be stopped', async () => {
  const { url, variables } = await waitingVariables();
  await using service = launchService(variables);
  await expect.poll(() => statusOf(`${url}/health/startup`), patience).toBe(503);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('a database that does not come in time ends the start', async () => {
  const { variables } = await waitingVariables();
  const refused = await brownie(['serve'], { ...variables, METADATA_START_TIMEOUT_SECONDS: '1' });
  expect(refused.code).toBe(1);
  expect(messagesOf(refused.stderr)).toContain('METADATA_START_TIMEOUT_SECONDS');
});

test('a wrong password is not waited for', async () => {
  const { variables } = await waitingVariables();
  const dsn = new URL(serviceDsn);
  dsn.password = 'wrong';
  const refused = await brownie(['serve'], { ...variables, METADATA_POSTGRES_DSN: dsn.href });
  expect(refused.code).toBe(1);
  expect(refused.stdout).not.toContain('tried again');
  expect(messagesOf(refused.stderr)).toContain('28P01');
});
