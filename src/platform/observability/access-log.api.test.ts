import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The access lines of a request. A reply can be there a moment before its line is. */
async function linesOf(requestId: string | null): Promise<Record<string, unknown>[]> {
  const lines = () =>
    app.log.filter((line) => line['logger'] === 'brownie.access' && line['request_id'] === requestId);
  await expect.poll(() => lines().length).toBeGreaterThan(0);
  return lines();
}
const requestIdOf = ({ headers }: { headers: Headers }) => headers.get('x-request-id');

async function metrics(): Promise<{ requests: string }> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return {
    requests: text
      .split('\n')
      .filter((line) => line.startsWith('http_requests_total'))
      .join('\n'),
  };
}

/** Sends bytes; answers what comes back before the server closes. */
function answerTo(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  return new Promise((resolve, reject) => {
    socket.once('end', () => resolve(answer));
    socket.once('error', reject);
  });
}

/** Sends the head of a request, and hangs up once the server waits for its body. */
async function hangUpAfterContinue(target: string, headers: string): Promise<void> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(
    `${target} HTTP/1.1\r\nhost: x\r\n${headers}\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
}

describe('the access line of a request', () => {
  test('is one, with the fields of the operations guide', async () => {
    const { id } = await tenant.incident();
    const reply = await tenant.owner.client.put(`/incidents/${id}`, { title: 'x' });
    expect(await linesOf(requestIdOf(reply))).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: 'info',
        logger: 'brownie.access',
        message: 'request served',
        request_id: requestIdOf(reply),
        endpoint: '/api/v1/incidents/:incident_id',
        method: 'PUT',
        status_code: 200,
        duration_ms: expect.any(Number),
        user_id: tenant.owner.id,
        client_address: '127.0.0.1',
      },
    ]);
  });

  test('carries the request id of the caller', async () => {
    const requestId = `trace-${randomUUID()}`;
    await tenant.owner.client.get('/auth/me', { headers: { 'x-request-id': requestId } });
    expect(await linesOf(requestId)).toMatchObject([{ user_id: tenant.owner.id, status_code: 200 }]);
  });

  const outcomes: readonly [number, string, () => Promise<Reply>, 'known' | 'unknown'][] = [
    [200, '/api/v1/auth/me', () => tenant.owner.client.get('/auth/me'), 'known'],
    [401, '/api/v1/auth/me', () => app.anonymous.get('/auth/me'), 'unknown'],
    [
      404,
      '/api/v1/incidents/:incident_id',
      () => tenant.owner.client.get(`/incidents/${randomUUID()}`),
      'known',
    ],
    [422, '/api/v1/incidents/:incident_id', () => tenant.owner.client.get('/incidents/4711'), 'known'],
    [
      403,
      '/api/v1/organizations/:org_id/users',
      () => tenant.owner.client.get(`/organizations/${randomUUID()}/users`),
      'known',
    ],
    [405, '/api/v1/auth/me', () => tenant.owner.client.put('/auth/me', {}), 'unknown'],
    [404, 'unmatched', () => tenant.owner.client.get(`/nothing/${randomUUID()}`), 'unknown'],
  ];
  test.each(outcomes)('tells of a %d at %s', async (status, endpoint, send, caller) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    const [line, ...more] = await linesOf(requestIdOf(reply));
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      status_code: status,
      endpoint,
      ...(status < 400 ? {} : { error_code: reply.body.code }),
    });
    expect(line?.['user_id']).toBe(caller === 'known' ? tenant.owner.id : undefined);
  });

  test('is one for a request whose client went away, however far it had come', async () => {
    const requestId = `trace-${randomUUID()}`;
    await hangUpAfterContinue(
      `POST /api/v1/teams/${tenant.teamId}/incidents`,
      `authorization: Bearer ${tenant.owner.client.token}\r\nx-request-id: ${requestId}`,
    );
    expect(await linesOf(requestId)).toMatchObject([
      {
        level: 'warning',
        endpoint: '/api/v1/teams/:team_id/incidents',
        method: 'POST',
        status_code: 499,
        user_id: tenant.owner.id,
      },
    ]);
    const { requests } = await metrics();
    expect(requests).toContain('method="POST",endpoint="/api/v1/teams/:team_id/incidents",status="499"} 1');
  });

  const unreadable: readonly [number, string, string][] = [
    [400, 'no HTTP at all', 'hello\r\n\r\n'],
    [431, 'headers of 20 KiB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
    [
      400,
      'a URL with a broken escape',
      'GET /api/v1/teams/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    ],
  ];
  test.each(unreadable)('tells of a %d to %s', async (status, _, bytes) => {
    const reply = await answerTo(bytes);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [, requestId = null] = /x-request-id: (\S+)/i.exec(reply) ?? [];
    const [line, ...more] = await linesOf(requestId);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      status_code: status,
      endpoint: 'unmatched',
      duration_ms: expect.any(Number),
      client_address: '127.0.0.1',
    });
    const { requests } = await metrics();
    expect(requests).toMatch(new RegExp(`method="OTHER",endpoint="unmatched",status="${status}"} [1-9]`));
  });

  test('is one for a request that comes while the service closes', async () => {
    await using closing = await startApp();
    const there = await newTenant(closing);
    const { id } = await there.incident();
    const socket = connect(Number(new URL(closing.url).port), '127.0.0.1');
    const send = (method: string, path: string, requestId: string, body: string): void => {
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${there.owner.client.token}\r\n` +
          `x-request-id: ${requestId}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    };
    const statusOf = (requestId: string) =>
      closing.log
        .filter((line) => line['logger'] === 'brownie.access' && line['request_id'] === requestId)
        .map((line) => line['status_code']);

    const holder = await closing.superuser.connect();
    await holder.query('begin');
    await holder.query('select from incidents where id = $1 for update', [id]);
    const [slow, late] = [`slow-${randomUUID()}`, `late-${randomUUID()}`];
    send('PUT', `/api/v1/incidents/${id}`, slow, '{"title":"x"}');
    // Its id in pg_stat_activity says that the request has come to where the lock is.
    const waiting = `select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`;
    await expect
      .poll(async () => (await closing.superuser.query(waiting, [`brownie/${slow}`])).rowCount, {
        timeout: 10_000,
      })
      .toBe(1);
    const closed = closing.app.http.close();
    send('GET', '/api/v1/auth/me', late, '');
    await holder.query('commit');
    holder.release();
    await closed;
    await expect.poll(() => [statusOf(slow), statusOf(late)]).toEqual([[200], [503]]);
    socket.destroy();
  });

  test('holds neither path nor query, whatever is in them', async () => {
    const reply = await tenant.owner.client.get(`/teams/${tenant.teamId}/incidents?q=canary-4711`);
    const lost = await tenant.owner.client.get('/canary-4711?token=canary-4711');
    const lines = [...(await linesOf(requestIdOf(reply))), ...(await linesOf(requestIdOf(lost)))];
    expect(JSON.stringify(lines)).not.toContain('canary-4711');
  });
});
