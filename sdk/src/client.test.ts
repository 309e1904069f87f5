import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Brownie,
  BrownieError,
  type ClientOptions,
  createBrownie,
  edit,
  etagOf,
  hasCode,
  items,
  replyOf,
} from './index.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (reply: ServerResponse, seen: Seen) => void;

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (reply) =>
    reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  json(status, { type: 't', title: 't', status, detail: `because ${code}`, code, request_id: 'r' }, headers);
const hangUp: Answer = (reply) => reply.destroy();

/** A client of a server that answers each request with the next of some answers, and with the last of them from then on. */
async function clientOf(
  answers: readonly Answer[],
  options: Partial<ClientOptions> = {},
): Promise<{ brownie: Brownie; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    answers[Math.min(seen.length, answers.length) - 1]?.(reply, seen[seen.length - 1] as Seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const retry = { baseMs: 1, ...options.retry };
  return {
    brownie: createBrownie({ baseUrl: `http://127.0.0.1:${port}/`, token: 'brw_x', ...options, retry }),
    seen,
  };
}

const path = { team_id: 'a b/..' };
const body = { title: 'Checkout answers 502' };

test('a call has the method, the path, the query, the token and the body of its operation', async () => {
  const { brownie, seen } = await clientOf([
    json(200, { id: '1' }),
    json(200, { items: [], next_cursor: null }),
  ]);
  expect(await brownie.createIncident({ path, body, headers: { 'brownie-run-id': 'run-1' } })).toEqual({
    id: '1',
  });
  await brownie.listIncidents({ path, query: { status: 'open', tag: ['a&b', 'c'] } });
  const [created, listed] = seen;
  expect(created).toMatchObject({
    method: 'POST',
    url: '/api/v1/teams/a%20b%2F../incidents',
    headers: {
      authorization: 'Bearer brw_x',
      'content-type': 'application/json',
      accept: 'application/json',
      'brownie-run-id': 'run-1',
    },
    body: JSON.stringify(body),
  });
  expect(listed?.url).toBe('/api/v1/teams/a%20b%2F../incidents?status=open&tag=a%26b&tag=c');
  expect(listed?.headers).not.toHaveProperty('idempotency-key');
});

test.each(['', '.', '..', undefined])(
  'a part of a path that is %j would be another path',
  async (team_id) => {
    const { brownie, seen } = await clientOf([json(200, {})]);
    const call = brownie.getTeam({ path: { team_id: team_id as string } });
    await expect(call).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  },
);

test('all attempts of a POST carry one key, and two calls two', async () => {
  const { brownie, seen } = await clientOf([
    hangUp,
    problem(503, 'service.unavailable'),
    json(200, { id: '1' }),
  ]);
  await brownie.createIncident({ path, body });
  await brownie.createIncident({ path, body });
  await brownie.createIncident({ path, body, idempotencyKey: 'mine' });
  const keys = seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(new Set(keys).size).toBe(3);
  expect(keys[4]).toBe('mine');
});

test('a first attempt that is still at work is waited for', async () => {
  const { brownie, seen } = await clientOf([problem(409, 'idempotency.in_progress'), json(200, { id: '1' })]);
  await brownie.createIncident({ path, body });
  expect(seen.length).toBe(2);
});

test.each([
  ['a fault of the network', hangUp],
  ['503', problem(503, 'service.unavailable')],
])('what may have been done is not done twice after %s', async (_name, answer) => {
  const { brownie, seen } = await clientOf([answer]);
  const call = brownie.login({ body: { email: 'ada@example.com', password: 'x' } });
  await expect(call).rejects.toMatchObject({ attempts: 1 });
  expect(seen.length).toBe(1);
});

test('429 is answered before anything is done: it is tried again, whatever it is', async () => {
  const { brownie, seen } = await clientOf([
    problem(429, 'rate.limited', { 'retry-after': '0' }),
    json(200, {}),
  ]);
  await brownie.login({ body: { email: 'ada@example.com', password: 'x' } });
  expect(seen.length).toBe(2);
});

test('a call gives up in the end, and says how often it tried', async () => {
  const { brownie, seen } = await clientOf([problem(503, 'service.unavailable')], { retry: { retries: 2 } });
  await expect(brownie.whoAmI()).rejects.toMatchObject({
    code: 'service.unavailable',
    status: 503,
    attempts: 3,
  });
  expect(seen.length).toBe(3);
});

test('a wait that is longer than the client bears ends the call at once', async () => {
  const { brownie, seen } = await clientOf([problem(503, 'service.unavailable', { 'retry-after': '3600' })]);
  await expect(brownie.whoAmI()).rejects.toMatchObject({ retryAfterMs: 3_600_000, attempts: 1 });
  expect(seen.length).toBe(1);
});

test('an error has the code, the words and the id of the reply', async () => {
  const { brownie } = await clientOf([problem(404, 'incident.not_found', { 'x-request-id': 'r-1' })]);
  const error = await brownie.getIncident({ path: { incident_id: '1' } }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BrownieError);
  expect(error).toMatchObject({ message: 'because incident.not_found', status: 404, requestId: 'r-1' });
  expect(hasCode(error, 'incident.not_found', 'team.not_found')).toBe(true);
  expect(hasCode(error, 'team.not_found')).toBe(false);
  expect(hasCode(new Error('other'), 'team.not_found')).toBe(false);
});

test.each([
  ['an empty 401', 401, ''],
  ['a page of a proxy', 403, '<h1>Forbidden</h1>'],
  ['JSON that is no problem', 400, '{"error":1}'],
  ['null', 400, 'null'],
  ['a success that is no JSON', 200, '<h1>Welcome</h1>'],
])('%s is an error', async (_name, status, text) => {
  const { brownie } = await clientOf([(reply) => reply.writeHead(status).end(text)]);
  await expect(brownie.whoAmI()).rejects.toMatchObject({ code: 'client.unexpected_reply', status });
});

test('a signal ends the wait for another attempt, with its reason', async () => {
  const stop = new AbortController();
  const { brownie, seen } = await clientOf([
    (reply, request) => {
      problem(503, 'service.unavailable', { 'retry-after': '20' })(reply, request);
      setImmediate(() => stop.abort(new Error('enough')));
    },
  ]);
  await expect(brownie.whoAmI({ signal: stop.signal })).rejects.toThrow('enough');
  await expect(brownie.whoAmI({ signal: stop.signal })).rejects.toThrow('enough');
  expect(seen.length).toBe(1);
});

test('each attempt has its time, the body of the reply included', async () => {
  const { brownie, seen } = await clientOf(
    [() => undefined, (reply) => reply.writeHead(200, { 'content-type': 'application/json' }).write('{')],
    { timeoutMs: 50, retry: { retries: 1 } },
  );
  await expect(brownie.createIncident({ path, body })).rejects.toMatchObject({
    code: 'client.timeout',
    attempts: 2,
  });
  expect(seen.length).toBe(2);
});

test('nobody there has a code, and what stopped it', async () => {
  const { brownie } = await clientOf([hangUp], { retry: { retries: 0 } });
  await expect(brownie.whoAmI()).rejects.toMatchObject({
    code: 'client.unreachable',
    status: undefined,
    cause: expect.any(Error),
  });
});

test('a token that is made is made for each attempt, and its error is the call’s', async () => {
  let made = 0;
  const { brownie, seen } = await clientOf([problem(503, 'service.unavailable'), json(200, {})], {
    token: async () => `t${++made}`,
  });
  await brownie.whoAmI();
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  const failing = await clientOf([json(200, {})], { token: () => Promise.reject(new Error('no token')) });
  await expect(failing.brownie.whoAmI()).rejects.toThrow('no token');
});

test('every item of a list once, each page when the one before it is used up', async () => {
  const { brownie, seen } = await clientOf([
    json(200, { items: [{ id: '1' }, { id: '2' }], next_cursor: 'c 1', has_more: true }),
    json(200, { items: [{ id: '3' }], next_cursor: null, has_more: false }),
  ]);
  const ids: string[] = [];
  for await (const { id } of items(brownie.listIncidents, { path, query: { q: 'dns' } })) {
    ids.push(`${id}:${seen.length}`);
  }
  expect(ids).toEqual(['1:1', '2:1', '3:2']);
  expect(seen[1]?.url).toContain('?q=dns&cursor=c+1');
});

test('an edit is made on what was read, and made anew where somebody was faster', async () => {
  const { brownie, seen } = await clientOf([
    json(200, { version: 1 }, { etag: '"1"' }),
    problem(412, 'precondition.stale'),
    json(200, { version: 2 }, { etag: '"2"' }),
    json(200, { version: 3 }, { etag: '"3"' }),
  ]);
  const incident = { path: { incident_id: '1' } };
  const edited = await edit(
    () => brownie.getIncident(incident),
    (current, ifMatch) =>
      brownie.updateIncident({ ...incident, ifMatch, body: { title: `was ${current.version}` } }),
  );
  expect(etagOf(edited)).toBe('"3"');
  expect(replyOf(edited)?.status).toBe(200);
  expect(() => etagOf({ ...edited })).toThrow(TypeError);
  expect(seen.map(({ headers }) => headers['if-match'])).toEqual([undefined, '"1"', undefined, '"2"']);
  expect(seen[3]?.body).toBe('{"title":"was 2"}');
});

test('an edit gives up where somebody is always faster', async () => {
  const stale: Answer = (reply, seen) =>
    (seen.method === 'GET' ? json(200, {}, { etag: '"1"' }) : problem(412, 'precondition.stale'))(
      reply,
      seen,
    );
  const { brownie, seen } = await clientOf([stale]);
  const incident = { path: { incident_id: '1' } };
  const edited = edit(
    () => brownie.getIncident(incident),
    (_current, ifMatch) => brownie.updateIncident({ ...incident, ifMatch, body: {} }),
    2,
  );
  await expect(edited).rejects.toMatchObject({ code: 'precondition.stale' });
  expect(seen.length).toBe(4);
});

test('what is known already is not sent again', async () => {
  const { brownie, seen } = await clientOf([(reply) => reply.writeHead(304).end()]);
  const call = brownie.getEffectiveConfig({ path: { config_id: '1' }, ifNoneMatch: '"h"' });
  await expect(call).rejects.toMatchObject({ code: 'client.not_modified', status: 304 });
  expect(seen[0]?.headers['if-none-match']).toBe('"h"');
});

test('nothing to say is undefined', async () => {
  const { brownie } = await clientOf([(reply) => reply.writeHead(204).end()]);
  expect(await brownie.logout()).toBeUndefined();
});

test('lines are read as they come, wherever they are cut', async () => {
  const { brownie } = await clientOf([
    (reply) => {
      reply.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const bytes = Buffer.from('{"seq":1,"hash":"é"}\n{"seq":2}\n{"seq":3}');
      reply.write(bytes.subarray(0, 18));
      setImmediate(() => reply.end(bytes.subarray(18)));
    },
  ]);
  const lines = await brownie.exportAuditEvents({ path: { org_id: '1' } });
  expect(await Array.fromAsync(lines)).toEqual([{ seq: 1, hash: 'é' }, { seq: 2 }, { seq: 3 }]);
});

test('lines that break off are no end', async () => {
  const { brownie } = await clientOf([
    (reply) => {
      reply.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"seq":1}\n');
      setImmediate(() => reply.destroy());
    },
  ]);
  const reading = async () => Array.fromAsync(await brownie.exportAuditEvents({ path: { org_id: '1' } }));
  await expect(reading()).rejects.toMatchObject({ code: 'client.unreachable' });
});

test('numbers that JavaScript cannot hold pass through a parser of the caller’s', async () => {
  const { brownie, seen } = await clientOf([(reply) => reply.end('{"value":9007199254740993}')], {
    parse: (text) => JSON.parse(text.replace(/\d{16,}/g, '"$&"')),
    stringify: (value) => JSON.stringify(value).replace('"big"', '9007199254740993'),
  });
  const stat = { metric_name: 'n', metric_type: 'gauge', value: 'big' as unknown as number };
  expect(await brownie.createStat({ path, body: { ...stat, timestamp: 't' } as never })).toEqual({
    value: '9007199254740993',
  });
  expect(seen[0]?.body).toContain('"value":9007199254740993');
});
