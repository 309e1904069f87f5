import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { Connections } from './connections.ts';
import { createPool } from './pool.ts';

const { service, superuser } = inject('databases');
let applicationName: string;
let pool: pg.Pool;
let admin: pg.Client;

const poolOn = (dsn: string): pg.Pool =>
  createPool({
    dsn,
    sizeMin: 0,
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
    queryTimeoutMs: 7_000,
    onIdleError: () => undefined,
  });

beforeEach(async () => {
  applicationName = `connections-${randomUUID().slice(0, 8)}`;
  pool = poolOn(`${service}${service.includes('?') ? '&' : '?'}application_name=${applicationName}`);
  admin = new pg.Client({ connectionString: superuser });
  await admin.connect();
});
afterEach(async () => {
  await Promise.all([pool.end(), admin.end()]);
});

const backendPid = (connections: Connections): Promise<number> =>
  connections.lend(async (client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid);

test('a connection is lent again while it is sound', async () => {
  const connections = new Connections({ pool, prePing: true, idleBeforePingMs: 0 });
  expect(await backendPid(connections)).toBe(await backendPid(connections));
});

test('a connection that the server cut while it was idle is replaced', async () => {
  const connections = new Connections({ pool, prePing: true, idleBeforePingMs: 0 });
  const pid = await backendPid(connections);
  await admin.query('select pg_terminate_backend($1)', [pid]);
  expect(await backendPid(connections)).not.toBe(pid);
});

test('a connection whose server process is frozen is replaced', async () => {
  const connections = new Connections({ pool, prePing: true, idleBeforePingMs: 0 });
  const pid = await backendPid(connections);
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await backendPid(connections)).not.toBe(pid);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

test('a connection on which a statement failed is lent again, one that timed out is not', async () => {
  const connections = new Connections({ pool, prePing: false });
  const pid = await backendPid(connections);
  await expect(connections.lend((client) => client.query('select 1 / 0'))).rejects.toMatchObject({
    code: '22012',
  });
  expect(await backendPid(connections)).toBe(pid);
  const late = { text: 'select pg_sleep(2)', query_timeout: 100 };
  await expect(connections.lend((client) => client.query(late))).rejects.toThrow('timeout');
  expect(await backendPid(connections)).not.toBe(pid);
});

test('a connection that the server cut between two statements fails the next one, and nothing else', async () => {
  const connections = new Connections({ pool, prePing: true });
  const cut = connections.lend(async (client) => {
    const ended = new Promise((resolve) => client.once('end', resolve));
    const { rows } = await client.query('select pg_backend_pid() as pid');
    await admin.query('select pg_terminate_backend($1)', [rows[0].pid]);
    await ended;
    return await client.query('select 1');
  });
  await expect(cut).rejects.toThrow('not queryable');
  expect(await backendPid(connections)).toBeGreaterThan(0);
});

test('a login that is refused is an unavailable service, and is not tried again by the next request', async () => {
  const wrong = new URL(service);
  wrong.pathname = '/no_such_database';
  const refusing = poolOn(wrong.href);
  try {
    const connections = new Connections({ pool: refusing, prePing: true });
    const unavailable = {
      code: 'service.unavailable',
      headers: { 'retry-after': '1' },
      cause: expect.objectContaining({ code: '3D000' }),
    };
    await expect(backendPid(connections)).rejects.toMatchObject(unavailable);
    await expect(backendPid(connections)).rejects.toMatchObject(unavailable);
    expect(refusing.totalCount).toBe(0);
  } finally {
    await refusing.end();
  }
});
