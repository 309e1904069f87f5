import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant } from '../harness/tenant.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** @NOTE without those of the collections of garbage: each of their four kinds comes with the first one, whoever made it. */
const series = async (): Promise<Set<string>> => {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return new Set(text.match(/^(?!nodejs_gc_)[^#\s]\S*(?:\{[^}]*\})?(?= )/gm));
};

/** Sends requests on one connection, a batch at a time, and resolves when the server has answered or hung up. */
function send(requests: readonly string[]): Promise<string> {
  const { port, hostname } = new URL(app.url);
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(port), hostname);
  let replies = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    replies += chunk;
  });
  socket.on('error', () => resolve(replies)).on('close', () => resolve(replies));
  socket.end(requests.join(''));
  return promise;
}

const request = (method: string, path: string): string => `${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const statuses = (replies: string): string[] => replies.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];
const random = (): string => randomBytes(6).toString('hex');

/** Paths of every kind that a scanner, a mistake or an attack makes up. */
const inventions = [
  () => `/${random()}`,
  () => `/api/v1/${random()}/${random()}`,
  () => `/api/v1/users/${random()}`,
  () => `/api/v1/teams/${random()}/incidents?cursor=${random()}`,
  () => `/%${random()}`,
] as const;

test('20,000 invented URLs and 200 invented methods add at most 5 series', async () => {
  const { owner } = await newTenant(app);
  await owner.client.get('/auth/me');
  const before = await series();
  let answered = 0;
  // @NOTE a connection that sends more before it has an answer is cut.
  for (let batch = 0; batch < 200; batch++) {
    const urls = Array.from({ length: 100 }, (_, index) => inventions[index % inventions.length]?.() ?? '/');
    answered += statuses(await send(urls.map((url) => request('GET', url)))).length;
  }
  for (let index = 0; index < 200; index++) {
    const method =
      index % 2 === 0 ? random().toUpperCase() : (['TRACE', 'PROPFIND', 'PURGE'] as const)[index % 3];
    answered += statuses(await send([request(method ?? 'TRACE', `/api/v1/users/${random()}`)])).length;
  }
  expect(answered).toBe(20_200);
  const added = [...(await series())].filter((each) => !before.has(each));
  expect(added.length, added.join('\n')).toBeLessThanOrEqual(5);
  const all = [...(await series())];
  const ofRoutes = all.filter((each) => /^http_request/.test(each));
  const { routes, scimRoutes, operatorRoutes } = app.app;
  // What the service declares, and its probes and documents beside it.
  const declared = routes.length + scimRoutes.length + operatorRoutes.length + 20;
  expect(ofRoutes.length).toBeGreaterThan(0);
  expect(ofRoutes.length).toBeLessThanOrEqual(17 * declared);
  expect(all.length - ofRoutes.length).toBeLessThan(200);
});
