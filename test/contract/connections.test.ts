import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';

let app: TestApp;
let port: number;

beforeAll(async () => {
  app = await startApp();
  port = Number(new URL(app.url).port);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Sends bytes on a connection of its own; answers all that comes back until the other side closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(received).toString();
}

const get = (path: string, ...headers: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
const last = (path: string): string => get(path, 'Connection: close');

/** The problem document of the only reply, which must carry the headers of every reply. */
function problemOf(text: string): { readonly status: number; readonly code: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  for (const header of [
    'x-request-id',
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'content-security-policy',
  ]) {
    expect(head.toLowerCase()).toContain(header);
  }
  const problem = JSON.parse(body) as { status: number; code: string };
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${problem.status} `));
  return problem;
}

const accessLines = (path: string): number =>
  app.log.filter((line) => line['logger'] === 'brownie.access' && line['endpoint'] === path).length;

describe('one connection', () => {
  test('is answered a hundred requests that came at once, in their order', async () => {
    const paths = Array.from({ length: 99 }, (_, index) => (index % 2 === 0 ? '/health/live' : '/nothing'));
    const text = await exchange(`${paths.map((path) => get(path)).join('')}${last('/nothing')}`);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual([...paths, '/nothing'].map((path) => (path === '/nothing' ? '404' : '200')));
  });

  test('is cut where it asks 2,000 times without waiting, and few of them are begun; its neighbours are served', async () => {
    const before = accessLines('/health/live');
    const flood = get('/health/live').repeat(2_000);
    const floods = Array.from({ length: 20 }, () => exchange(flood));
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
    await Promise.all(floods);
    expect(accessLines('/health/live') - before).toBeLessThanOrEqual(20 * 101 + 1);
  });

  test('whose answers nobody takes gets no more of them', async () => {
    const document = '/openapi.json';
    const asked = 20;
    const sockets = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = connect({ port, host: '127.0.0.1' }).pause();
        await once(socket, 'connect');
        socket.write(get(document).repeat(asked));
        return socket;
      }),
    );
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
    const buffered = (): number =>
      sockets.map((each) => serverSideOf(each)?.writableLength ?? 0).reduce((sum, bytes) => sum + bytes, 0);
    await expect.poll(buffered).toBeGreaterThan(0);
    const size = (await (await fetch(`${app.url}${document}`)).text()).length;
    expect(buffered()).toBeLessThan(5 * 2 * size);
    // @NOTE read on, they come to their end: what was held goes on. All at once: one on which nothing moves for 30 s is cut.
    const answered = sockets.map(async (socket) => {
      let count = 0;
      // @NOTE a line by itself: pieces break anywhere.
      const lines = createInterface({ input: socket });
      for await (const line of lines) {
        count += line.endsWith('HTTP/1.1 200 OK') ? 1 : 0;
        if (count === asked) {
          break;
        }
      }
      socket.destroy();
      return count;
    });
    expect(await Promise.all(answered)).toEqual(sockets.map(() => asked));
  });
});

/** The other end of a connection. */
function serverSideOf({ localPort }: Socket): Socket | undefined {
  return [...app.app.http.openSockets.all].find(({ remotePort }) => remotePort === localPort);
}

describe('what is no HTTP as it should be', () => {
  test.each([
    ['garbage', 'no http\r\n\r\n', 400, 'request.malformed'],
    ['headers that are too large', get('/', `X: ${'x'.repeat(20_000)}`), 431, 'request.headers_too_large'],
    ['two Host lines', get('/health/live', 'Host: other', 'Connection: close'), 400, 'request.malformed'],
    ['no Host line', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'request.malformed'],
    [
      'an expectation',
      get('/health/live', 'Expect: tea', 'Connection: close'),
      417,
      'request.expectation_failed',
    ],
  ])('%s is answered with a problem document', async (_, bytes, status, code) => {
    expect(problemOf(await exchange(bytes))).toMatchObject({ status, code });
  });

  test('a request of HTTP/1.0 needs no Host', async () => {
    expect(await exchange('GET /health/live HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('is answered after the requests before it', async () => {
    const text = await exchange(`${get('/health/live')}${get('/nothing')}no http\r\n\r\n`);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '404',
      '400',
    ]);
  });
});
