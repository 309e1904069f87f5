import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/platform/http/route.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Client } from '../harness/client.ts';
import { directoryOf } from '../harness/directory.ts';
import { absentIds, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const mib = 1024 * 1024;
const filled = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));

/** Bodies that ask for as much work as so many bytes can. */
const hostile: Readonly<Record<string, (bytes: number) => string>> = {
  deepest: (bytes) => filled('[', bytes),
  'deepest objects': (bytes) => filled('{"a":', bytes),
  widest: (bytes) => `[${filled('1,', bytes - 3)}1]`,
  'widest of objects': (bytes) => `[${filled('{},', bytes - 4)}1]`,
  largest: (bytes) => `{"title":"${filled('x', bytes - 12)}"}`,
  'of escapes': (bytes) => `{"title":"${filled('\\u00e9', bytes - 12)}"}`,
  'most keys': (bytes) =>
    `{${Array.from({ length: Math.floor(bytes / 20) }, (_, key) => `"k${key}":1`).join(',')}}`,
  'longest key': (bytes) => `{"${filled('k', bytes - 6)}":1}`,
  'duplicate keys': (bytes) => `{${filled('"a":1,', bytes - 9)}"a":1}`,
  'longest number': (bytes) => `{"value":${filled('1', bytes - 10)}}`,
  'of white space': (bytes) => `${filled(' ', bytes - 1)}1`,
  'no JSON': (bytes) => filled('z', bytes),
};

/** Those whose patterns a text can keep busy, in each field that is a text. */
function slowest(route: Route, bytes: number): string {
  const { properties = {} } = (route.body ?? {}) as { properties?: Record<string, { type?: unknown }> };
  const texts = Object.keys(properties).filter((name) => [properties[name]?.type].flat().includes('string'));
  const each = Math.floor((bytes - 64 * (texts.length + 1)) / Math.max(1, texts.length));
  const slow = `a@${filled('.', each - 3)}@`;
  return JSON.stringify(Object.fromEntries(texts.map((name) => [name, slow])));
}

/** What answering took of the processor, in milliseconds, whatever else runs on this machine. */
async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** @NOTE a generous bound: a megabyte is sent and read in the same process. What it is against took 600 ms and more. */
const cpuMsMax = 400;

async function expectRefused(who: Client, route: Route, name: string, body: string, statuses: number[]) {
  let status = 0;
  const send = async () => {
    ({ status } = await who.send(route.method, pathOf(route, absentIds()), body));
  };
  let ms = await cpuMsOf(send);
  // @NOTE garbage of whatever ran before in this process is collected when it pleases: what a body takes, it takes each time.
  for (let again = 0; ms >= cpuMsMax && again < 2; again++) {
    ms = await cpuMsOf(send);
  }
  const told = [route.operationId, name, status, ms] as const;
  expect([...told.slice(0, 2), statuses.includes(status), ms < cpuMsMax], told.join(' ')).toEqual([
    route.operationId,
    name,
    true,
    true,
  ]);
}

const changing = (): readonly Route[] =>
  [...app.app.routes, ...app.app.scimRoutes].filter(({ method }) => method !== 'GET');
/** @NOTE SCIM is asked by its own key. */
const isOfScim = ({ dialect }: Route): boolean => dialect !== undefined;
const isPublic = ({ permission }: Route): boolean => permission === 'public';

test('without a token no route reads more than 32 KiB, and that is soon done, whatever it holds', async () => {
  for (const route of changing().filter(isPublic)) {
    const size = 32 * 1024 - 1;
    for (const [name, make] of Object.entries(hostile)) {
      await expectRefused(app.anonymous, route, name, make(size), [400, 401, 415, 422, 429]);
    }
    await expectRefused(app.anonymous, route, 'slowest', slowest(route, size), [401, 422]);
    await expectRefused(app.anonymous, route, 'too large', filled('1', size + 2), [413]);
  }
  for (const route of changing().filter((each) => !isPublic(each))) {
    await expectRefused(app.anonymous, route, 'widest', hostile['widest']?.(mib) ?? '', [401]);
  }
  await expectRefused(
    app.anonymous,
    { ...(changing()[0] as Route), url: '/nothing' },
    'widest',
    filled('1,', mib),
    [404],
  );
});

test('with a token no route is kept busy by a body, and none is larger than its limit', async () => {
  const { client } = world.tenant.owner;
  const directory = await directoryOf(app, world.tenant);
  const before = await rowsOf(app, world.tenant.orgId);
  // @NOTE what takes no body and names nothing is about the caller, such as logging out: it is done, whatever comes with it.
  const isAboutCaller = ({ body, url }: Route): boolean => body === undefined && !url.includes(':');
  for (const route of changing().filter((each) => !isPublic(each) && !isAboutCaller(each))) {
    const size = route.body === undefined ? 32 * 1024 : mib;
    // @NOTE what takes no body is told first that it is not there, or of an organization that is not theirs.
    const refused = route.body === undefined ? [403, 404] : isOfScim(route) ? [400, 404, 501] : [404, 422];
    const who = isOfScim(route) ? directory : client;
    const names = ['createIncident', 'scimCreateGroup'].includes(route.operationId)
      ? Object.keys(hostile)
      : ['widest of objects'];
    for (const name of names) {
      await expectRefused(who, route, name, hostile[name]?.(size - 1) ?? '', refused);
    }
    await expectRefused(who, route, 'slowest', slowest(route, size), refused);
    await expectRefused(who, route, 'too large', filled('1', size + 1), [413]);
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('large bodies are read in turn: one tenant holds no more than its share, and all come through', async () => {
  const { client } = world.tenant.owner;
  const body = { title: 'x', incident_metadata: { text: 'y'.repeat(900_000) } };
  const path = `/teams/${world.tenant.teamId}/incidents`;
  let heldMost = 0;
  const sent = Array.from({ length: 12 }, async () => {
    const { status } = await client.post(path, body);
    heldMost = Math.max(heldMost, app.app.http.bodyBudget.heldBytes);
    return status;
  });
  expect(new Set(await Promise.all(sent))).toEqual(new Set([200]));
  expect(heldMost).toBeGreaterThan(0);
  expect(heldMost).toBeLessThanOrEqual(8 * mib);
  await expect.poll(() => app.app.http.bodyBudget.heldBytes).toBe(0);
});
