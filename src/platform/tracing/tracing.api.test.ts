import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { type Collector, startCollector } from '../../../test/harness/collector.ts';
import { newTenant, signupBody, type Tenant } from '../../../test/harness/tenant.ts';
import { newCaller, spansOf, tracingTo } from '../../../test/harness/traces.ts';
import type { Tracing } from './tracing.ts';

const errorStatus = 2;
let collector: Collector;
let tracing: Tracing;
let app: TestApp;
let tenant: Tenant;
let failing: string | undefined;
let statementsSent = 0;

beforeAll(async () => {
  collector = await startCollector();
  tracing = await tracingTo(collector);
  app = await startApp({
    tracing,
    queryObserver: {
      onStatement: (text) => {
        statementsSent += 1;
        if (failing !== undefined && text.includes(failing)) {
          throw new Error('a fault of ours');
        }
      },
    },
  });
  tenant = await newTenant(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await tracing[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

describe('the trace of a request', () => {
  test('continues that of its caller and holds what it asked of the database', async () => {
    const caller = newCaller();
    const reply = await tenant.owner.client.get('/auth/me', caller);
    const { server, client } = await spansOf(collector, caller.traceId);
    expect(server).toMatchObject({
      name: 'GET /api/v1/auth/me',
      parentSpanId: caller.spanId,
      status: { code: 0 },
      resource: {
        'service.name': 'brownie-metadata-api',
        'service.version': '1.2.3',
        'cloud.region': 'eu-west-1',
      },
    });
    expect(server.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/v1/auth/me',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'brownie.request_id': reply.headers.get('x-request-id'),
    });
    expect(client.length).toBeGreaterThan(0);
    for (const span of client) {
      expect(span.parentSpanId).toBe(server.spanId);
      expect(span.attributes).toMatchObject({
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
      });
    }
  });

  test('shows each step of a change, and nothing of what is in it', async () => {
    const caller = newCaller();
    const body = signupBody({ password: 'canary-password-of-a-person' });
    expect((await app.anonymous.post('/auth/signup', body, caller)).status).toBe(200);
    expect((await app.anonymous.post('/auth/signup?canary=query', body, newCaller())).status).toBe(422);
    const names = (await spansOf(collector, caller.traceId)).client.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['BEGIN', 'INSERT organizations', 'INSERT users', 'COMMIT']),
    );

    const { id } = await tenant.incident({ title: 'canary title' });
    const last = newCaller();
    await tenant.owner.client.get(`/incidents/${id}?fields=canary`, last);
    expect((await spansOf(collector, last.traceId)).server.name).toBe('GET /api/v1/incidents/:incident_id');
    const secrets = [body.email, body.username, tenant.owner.client.token, tenant.orgId, tenant.owner.id, id];
    for (const secret of ['canary', ...secrets]) {
      expect(collector.wire()).not.toContain(secret);
    }
  });

  test('goes on after a body that arrives in pieces', async () => {
    const { id } = await tenant.incident();
    const caller = newCaller();
    const before = statementsSent;
    const request = httpRequest(`${app.url}/api/v1/incidents/${id}`, {
      method: 'PUT',
      headers: {
        ...caller.headers,
        'content-type': 'application/json',
        authorization: `Bearer ${tenant.owner.client.token}`,
      },
    });
    request.write('{"title":');
    // The caller is known, so the body is being read.
    await expect.poll(() => statementsSent).toBeGreaterThan(before);
    request.end('"new"}');
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    expect(reply.resume().statusCode).toBe(200);
    const { client } = await spansOf(collector, caller.traceId);
    expect(client.map(({ name }) => name)).toEqual(expect.arrayContaining(['UPDATE incidents', 'COMMIT']));
  });

  test('is one for each of many requests at once, and each log line names it', async () => {
    const callers = Array.from({ length: 20 }, () => newCaller());
    const replies = await Promise.all(callers.map((caller) => tenant.owner.client.get('/auth/me', caller)));
    for (const [index, { traceId }] of callers.entries()) {
      const { server, client } = await spansOf(collector, traceId);
      expect(client.length).toBeGreaterThan(0);
      expect(client.every(({ parentSpanId }) => parentSpanId === server.spanId)).toBe(true);
      const requestId = replies[index]?.headers.get('x-request-id');
      const lines = app.log.filter((line) => line['request_id'] === requestId);
      expect(lines.at(-1)).toMatchObject({ logger: 'brownie.access', status_code: 200 });
      const named = expect.objectContaining({ trace_id: traceId, span_id: server.spanId });
      expect(lines).toEqual(lines.map(() => named));
    }
  });

  test('that a caller does not sample is not sent, but its log lines name it', async () => {
    const [unsampled, marker] = [newCaller('00'), newCaller()];
    const reply = await tenant.owner.client.get('/auth/me', unsampled);
    await tenant.owner.client.get('/auth/me', marker);
    await spansOf(collector, marker.traceId);
    expect(collector.spans.filter(({ traceId }) => traceId === unsampled.traceId)).toEqual([]);
    const requestId = reply.headers.get('x-request-id');
    const lines = app.log.filter((line) => line['request_id'] === requestId);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines).toEqual(lines.map(() => expect.objectContaining({ trace_id: unsampled.traceId })));
  });

  test('begins anew where the caller names none that can be read', async () => {
    const requestId = `bad-${randomUUID()}`;
    const headers = { traceparent: `00-${'0'.repeat(32)}-canary-01`, 'x-request-id': requestId };
    await tenant.owner.client.get('/auth/me', { headers });
    await expect
      .poll(() => collector.spans.find((span) => span.attributes['brownie.request_id'] === requestId), {
        timeout: 10_000,
      })
      .toMatchObject({ traceId: expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/) });
  });

  test('of no route is named by its method alone', async () => {
    const caller = newCaller();
    await tenant.owner.client.get('/canary-path', caller);
    const { server } = await spansOf(collector, caller.traceId);
    expect(server.name).toBe('GET');
    expect(server.attributes).not.toHaveProperty('http.route');
  });
});

describe('a failure', () => {
  test('of ours marks the request', async () => {
    const caller = newCaller();
    failing = 'from teams';
    const reply = await tenant.owner.client.get(`/organizations/${tenant.orgId}/teams`, caller);
    failing = undefined;
    expect(reply.status).toBe(500);
    const { server } = await spansOf(collector, caller.traceId);
    expect(server.status).toEqual({ code: errorStatus });
    expect(server.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': '500' });
    const lines = app.log.filter(
      (line) => line['trace_id'] === caller.traceId && line['message'] === 'request failed',
    );
    expect(lines).toMatchObject([{ error: { cause: { message: 'a fault of ours' } } }]);
  });

  test('of a statement marks the statement by its code, and the request only where it is our fault', async () => {
    const name = `canary-${randomUUID()}`;
    await tenant.team(name);
    const caller = newCaller();
    const path = `/organizations/${tenant.orgId}/teams`;
    expect((await tenant.owner.client.post(path, { name }, caller)).status).toBe(400);
    const { server, client } = await spansOf(collector, caller.traceId);
    expect(server.status).toEqual({ code: 0 });
    const failed = client.filter(({ status }) => status.code === errorStatus);
    expect(failed.map(({ status }) => status)).toEqual([{ code: errorStatus }]);
    expect(failed).toMatchObject([
      {
        name: 'INSERT teams',
        attributes: { 'db.response.status_code': '23505', 'error.type': '23505' },
      },
    ]);
    expect(client.map((span) => span.name)).toContain('ROLLBACK');
    expect(collector.wire()).not.toContain(name);
  });

  test('of a client to wait is told apart from ours', async () => {
    const { id } = await tenant.incident();
    const caller = newCaller();
    const holder = await app.superuser.connect();
    await holder.query('begin');
    await holder.query('select from incidents where id = $1 for update', [id]);
    const leaving = new AbortController();
    const leaver = fetch(`${app.url}/api/v1/incidents/${id}`, {
      method: 'PUT',
      headers: {
        ...caller.headers,
        'content-type': 'application/json',
        authorization: `Bearer ${tenant.owner.client.token}`,
      },
      body: '{"title":"new"}',
      signal: leaving.signal,
    });
    const waiting = `select from pg_locks where not granted and pid in (select pid from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))`;
    const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
    await expect
      .poll(async () => (await app.superuser.query(waiting, [rows[0]?.pid])).rowCount)
      .toBeGreaterThan(0);
    leaving.abort();
    await expect(leaver).rejects.toThrow('aborted');
    await holder.query('rollback');
    holder.release();
    const { server } = await spansOf(collector, caller.traceId);
    expect(server.status).toEqual({ code: 0 });
    expect(server.attributes).toMatchObject({ 'error.type': 'client_disconnected' });
    expect(server.attributes).not.toHaveProperty('http.response.status_code');
  });
});

test('the metrics name a trace that is kept, and none that its caller does not keep', async () => {
  const [kept, dropped] = [newCaller(), newCaller('00')];
  await tenant.owner.client.get('/teams', dropped);
  await tenant.owner.client.get('/teams', kept);
  const scrape = async () =>
    (await fetch(`${app.url}/metrics`, { headers: { accept: 'application/openmetrics-text' } })).text();
  await expect
    .poll(scrape)
    .toMatch(
      new RegExp(
        `^http_request_duration_seconds_bucket\\{.*\\} \\d+ # \\{trace_id="${kept.traceId}"\\}`,
        'm',
      ),
    );
  expect(await scrape()).not.toContain(dropped.traceId);
});

test('what monitors ask for makes no spans', async () => {
  for (const path of ['/health', '/health/live', '/health/ready', '/health/detailed', '/metrics']) {
    const { status } = await fetch(`${app.url}${path}`, { headers: newCaller().headers });
    expect([200, 503]).toContain(status);
  }
  const marker = newCaller();
  await tenant.owner.client.get('/auth/me', marker);
  await spansOf(collector, marker.traceId);
  expect(collector.spans.map(({ name }) => name).filter((name) => /health|metrics/.test(name))).toEqual([]);
});
