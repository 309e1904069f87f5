import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../test/harness/tenant.ts';
import { RequestContext } from '../platform/http/request-context.ts';
import { createLogger } from '../platform/observability/logger.ts';
import { createMetrics } from '../platform/observability/metrics.ts';
import { noTracing } from '../platform/tracing/tracing.ts';
import { watchDatabase } from './watch-database.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const canary = 'canary-7f3a';

/** What the log says at DEBUG of a request of this id, by logger. */
async function told(requestId: string, logger: string): Promise<Record<string, unknown>[]> {
  const ofRequest = () => app.log.filter((line) => line['request_id'] === requestId);
  // The access line comes last.
  await expect.poll(() => ofRequest().some((line) => line['logger'] === 'brownie.access')).toBe(true);
  return ofRequest().filter((line) => line['logger'] === logger);
}

const ask = (requestId: string, headers: object = {}) => ({
  headers: { 'x-request-id': requestId, ...headers },
});

test('each statement is told by name, time and rows, in the order of the request, without a value', async () => {
  const id = randomUUID();
  const { status } = await tenant.owner.client.post(
    `/teams/${tenant.teamId}/incidents`,
    { title: canary },
    ask(id),
  );
  expect(status).toBe(200);
  const statements = await told(id, 'brownie.sql');
  const names = statements.map(({ statement }) => statement);
  expect(names).toEqual(
    expect.arrayContaining(['BEGIN', 'INSERT incidents', 'INSERT audit_events', 'COMMIT']),
  );
  expect(names.indexOf('INSERT incidents')).toBeLessThan(names.indexOf('COMMIT'));
  expect(statements.find(({ statement }) => statement === 'INSERT incidents')).toMatchObject({
    level: 'debug',
    message: 'statement done',
    duration_ms: expect.any(Number),
    rows: 1,
  });
  expect(JSON.stringify(app.log)).not.toContain(canary);
});

test('a refusal is told with the reason that the client is not given', async () => {
  const viewer = await tenant.person('viewer');
  const incident = await tenant.incident();
  const path = `/incidents/${incident.id}`;
  const [forbidden, stale, unauthenticated] = [randomUUID(), randomUUID(), randomUUID()];

  const refused = await viewer.client.delete(path, ask(forbidden));
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([
    403,
    expect.not.stringContaining('viewer'),
  ]);
  expect(await told(forbidden, 'brownie.decisions')).toMatchObject([
    {
      level: 'debug',
      message: 'request refused',
      error_code: 'auth.forbidden',
      permission: expect.stringMatching(/^incident:/),
      why: expect.stringMatching(
        /^incident:\S+ is for: team \w+; the caller is: member of the organization, viewer of the team$/,
      ),
    },
  ]);

  const put = await tenant.owner.client.put(path, { title: 'x' }, ask(stale, { 'if-match': '"7"' }));
  expect(put.status).toBe(412);
  expect(await told(stale, 'brownie.decisions')).toMatchObject([
    { error_code: 'precondition.stale', why: `version 7 is expected, and ${incident.version} is there` },
  ]);

  await app.anonymous.get('/auth/me', ask(unauthenticated));
  expect(await told(unauthenticated, 'brownie.decisions')).toMatchObject([
    { error_code: 'auth.unauthenticated', why: 'missing_token' },
  ]);
});

test('a reply that is given again is told', async () => {
  const again = randomUUID();
  const path = `/teams/${tenant.teamId}/incidents`;
  const headers = { 'idempotency-key': canary };
  await tenant.owner.client.post(path, { title: 'x' }, { headers });
  await tenant.owner.client.post(path, { title: 'x' }, ask(again, headers));
  expect(await told(again, 'brownie.decisions')).toMatchObject([
    { message: 'the reply that is kept for its Idempotency-Key is given again' },
  ]);
  expect(JSON.stringify(app.log)).not.toContain(canary);
});

test('the check of the database is told as a job', async () => {
  await expect
    .poll(() => app.log.filter((line) => line['logger'] === 'brownie.jobs'))
    .toContainEqual(
      expect.objectContaining({
        job: 'check of the database',
        message: 'job done',
        duration_ms: expect.any(Number),
      }),
    );
});

test('waits and retries are told, and at INFO nothing is, at no cost: a statement is sent as it is', async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'DEBUG', destination: { write: (line) => lines.push(line) } });
  const metrics = createMetrics({
    version: 'test',
    pool: { active: () => 0, idle: () => 0, waiting: () => 0, max: 1 },
  });
  const watch = watchDatabase({ metrics, tracing: noTracing, context: new RequestContext(), logger });
  watch.observer.connectionAcquired(0.25);
  watch.observer.connectionAcquired(0.000_1);
  watch.observer.connectionRefused();
  watch.observer.retried?.('because');
  const failure = Object.assign(new Error(canary), { code: '23505' });
  await expect(watch.roundTrip('insert into users values ($1)', () => Promise.reject(failure))).rejects.toBe(
    failure,
  );
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { logger: 'brownie.pool', wait_ms: 250 },
    { logger: 'brownie.pool', message: 'waited for a connection in vain' },
    { logger: 'brownie.sql', message: 'tried again', why: 'because' },
    { logger: 'brownie.sql', message: 'statement failed', statement: 'INSERT users', sqlstate: '23505' },
  ]);
  expect(lines.join('')).not.toContain(canary);

  logger.level = 'info';
  const answer = Promise.resolve('answer');
  expect(watch.roundTrip('select 1', () => answer)).toBe(answer);
  expect(lines).toHaveLength(4);
});
