import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { GracefulStop } from './graceful-stop.ts';
import { createHttpServer } from './http-server.ts';

const logger = createLogger({ level: 'CRITICAL', destination: { write: () => undefined } });
const largeBytes = 32 * 1024 * 1024;
const head = 'HTTP/1.1\r\nHost: brownie\r\n';

async function listening(): Promise<{ http: FastifyInstance; stop: GracefulStop }> {
  const http = await createHttpServer({ logger, corsOrigins: [], trustedProxies: [] });
  const stop = new GracefulStop(http, () => true);
  http.get('/large', async () => 'x'.repeat(largeBytes));
  http.get('/small', async () => 'x');
  http.post('/body', async () => 'read');
  await http.listen({ host: '127.0.0.1', port: 0 });
  return { http, stop };
}

/** A connection over which this much has come to the server. */
async function connection(http: FastifyInstance, sent: string): Promise<Socket> {
  const { port } = http.server.address() as AddressInfo;
  const accepted = once(http.server, 'connection');
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const [atServer] = (await accepted) as [Socket];
  if (sent !== '') {
    socket.write(sent);
    await expect.poll(() => atServer.bytesRead).toBe(sent.length);
  }
  return socket;
}

const silent = '';
const halfAHead = `GET /small ${head}X-Half: `;
const halfABody = `POST /body ${head}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{`;
const unread = `GET /large ${head}\r\n`;

test('it ends within its time whatever clients do, and counts the requests that it cut', async () => {
  const { http, stop } = await listening();
  for (const sent of [silent, halfAHead, halfABody, unread]) {
    // @NOTE a socket that nobody listens to reads nothing.
    await connection(http, sent);
  }
  await expect.poll(() => stop.inFlight).toBe(2);
  expect(await stop.stop({ keepMs: 0, idleGraceMs: 0, timeoutMs: 200 })).toBe(2);
  await expect.poll(() => connectionsOf(http)).toBe(0);
  await http.close();
});

test('who has sent no request does not keep it from ending; half a body and an answer that is being read are waited for', async () => {
  const { http, stop } = await listening();
  await connection(http, silent);
  await connection(http, halfAHead);
  const slow = await connection(http, halfABody);
  const reader = await connection(http, unread);
  await expect.poll(() => stop.inFlight).toBe(2);
  const stopped = stop.stop({ keepMs: 0, idleGraceMs: 0, timeoutMs: 600_000 });
  await expect.poll(() => connectionsOf(http)).toBe(2);
  slow.write('"a": 23}');
  const [reply] = (await once(slow, 'data')) as [Buffer];
  expect(reply.toString()).toContain('200 OK');
  reader.resume();
  await once(reader, 'end');
  expect(reader.bytesRead).toBeGreaterThan(largeBytes);
  expect(await stopped).toBe(0);
  await http.close();
});

test('a listener that is just closed ends as well', async () => {
  const { http } = await listening();
  await connection(http, silent);
  await connection(http, halfAHead);
  await http.close();
  expect(await connectionsOf(http)).toBe(0);
});

const connectionsOf = (http: FastifyInstance): Promise<number> =>
  new Promise((resolve, reject) =>
    http.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
