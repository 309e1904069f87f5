import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { logLines, type ServiceProcess, startService } from './service-process.ts';

const patience = { timeout: 15_000, interval: 20 };

let database: OwnDatabase;
beforeAll(async () => {
  database = await ownDatabase({ isMigrated: true });
});
afterAll(() => database[Symbol.asyncDispose]());

const statusOf = async (url: string): Promise<number | 'refused'> =>
  await fetch(url, { headers: { connection: 'close' } }).then(
    ({ status }) => status,
    () => 'refused',
  );

/** A connection of our own, and all that came over it. */
async function openConnection(service: ServiceProcess): Promise<{ socket: Socket; received: () => string }> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'connect');
  return { socket, received: () => text };
}

const body = JSON.stringify({ email: 'ada@example.com', password: 'wrong-password' });
const head = [
  'POST /api/v1/auth/login HTTP/1.1',
  'Host: brownie',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
  '',
  '',
].join('\r\n');

test('SIGTERM: no longer ready, still serving, each connection closed after its reply, then the end', async () => {
  await using service = await startService({
    ...database.variables,
    METADATA_DRAIN_SECONDS: '3',
  });
  const kept = await openConnection(service);
  kept.socket.write('GET /health/live HTTP/1.1\r\nHost: brownie\r\n\r\n');
  await expect.poll(kept.received, patience).toContain('200 OK');
  expect(kept.received().toLowerCase()).not.toContain('connection: close');

  const ended = service.end('SIGTERM');
  await expect.poll(() => statusOf(`${service.url}/health/ready`), patience).toBe(503);
  const reply = await fetch(`${service.url}/api/v1/auth/me`);
  expect([reply.status, reply.headers.get('connection')]).toEqual([401, 'close']);
  expect(await statusOf(`${service.url}/health/live`)).toBe(200);
  const keptEnded = once(kept.socket, 'end');
  kept.socket.write('GET /health/startup HTTP/1.1\r\nHost: brownie\r\n\r\n');
  await keptEnded;
  expect(
    kept
      .received()
      .toLowerCase()
      .match(/http\/1.1 200 ok|connection: close/g),
  ).toEqual(['http/1.1 200 ok', 'http/1.1 200 ok', 'connection: close']);
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('a request whose body is still on its way when the doors are closed is answered', async () => {
  await using service = await startService(database.variables);
  const { socket, received } = await openConnection(service);
  socket.write(head + body.slice(0, 10));
  await expect.poll(() => statusOf(`${service.url}/health/live`), patience).toBe(200);
  const ended = service.end('SIGTERM');
  await expect.poll(() => statusOf(`${service.url}/health/live`), patience).toBe('refused');
  socket.write(body.slice(10));
  await expect.poll(received, patience).toContain('auth.invalid_credentials');
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('a request that takes too long is cut off, and the log says so; who has sent nothing is not waited for', async () => {
  await using service = await startService({
    ...database.variables,
    METADATA_STOP_TIMEOUT_SECONDS: '1',
  });
  const silent = await openConnection(service);
  silent.socket.on('error', () => undefined);
  const { socket } = await openConnection(service);
  socket.on('error', () => undefined);
  socket.write(head + body.slice(0, 10));
  await expect.poll(() => statusOf(`${service.url}/health/live`), patience).toBe(200);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(logLines(service.output())).toContainEqual(
    expect.objectContaining({
      level: 'error',
      requests: 1,
      message: 'requests were cut off: not done within 1 s',
    }),
  );
});

test('a second SIGTERM ends it at once', async () => {
  await using service = await startService({
    ...database.variables,
    METADATA_DRAIN_SECONDS: '600',
  });
  const ended = service.end('SIGTERM');
  await expect.poll(() => statusOf(`${service.url}/health/ready`), patience).toBe(503);
  service.process.kill('SIGTERM');
  expect(await ended).toEqual({ code: 1, signal: null });
});
