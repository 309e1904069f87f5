import { createServer } from 'node:net';
import type pg from 'pg';
import { expect, inject, test } from 'vitest';
import { startCountingProxy } from '../../src/drills/harness/counting-proxy.ts';
import { chosenDsn } from '../../src/platform/database/choose-server.ts';
import { Connections } from '../../src/platform/database/connections.ts';
import { DatabaseProbe } from '../../src/platform/database/database-probe.ts';
import { DatabaseTls } from '../../src/platform/database/database-tls.ts';
import { atAddress, readDsn } from '../../src/platform/database/dsn.ts';
import { createPool } from '../../src/platform/database/pool.ts';
import { freePort } from '../../src/platform/system/free-port.ts';

const { service } = inject('databases');
const serverPort = Number(readDsn(service).port);

/** The DSN of the run for servers at these ports. */
function dsnOf(ports: readonly number[], demand = 'read-write'): string {
  const [first = 0] = ports;
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return `${atAddress(service, '127.0.0.1', first).replace(`127.0.0.1:${first}`, hosts)}?target_session_attrs=${demand}`;
}

const poolOn = (dsn: string, tls: DatabaseTls): pg.Pool =>
  createPool({
    dsn,
    tls,
    sizeMin: 0,
    sizeMax: 4,
    acquireTimeoutMs: 5_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
    queryTimeoutMs: 7_000,
    onIdleError: () => undefined,
  });

test.each(['any', 'read-write', 'primary'])('the first that is there is taken: %s', async (demand) => {
  const dsn = dsnOf([await freePort(), serverPort], demand);
  expect(readDsn(await chosenDsn(dsn)).port).toBe(String(serverPort));
  const tls = new DatabaseTls(dsn);
  const pool = poolOn(dsn, tls);
  try {
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
  }
});

test('one that takes connections and says nothing holds nobody up who wants the one that leads', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  try {
    const address = silent.address();
    const dsn = dsnOf([typeof address === 'object' ? (address?.port ?? 0) : 0, serverPort]);
    expect(readDsn(await chosenDsn(dsn)).port).toBe(String(serverPort));
  } finally {
    silent.close();
  }
});

test('where none answers, it is said as for one', async () => {
  const dsn = dsnOf([await freePort(), await freePort()]);
  await expect(chosenDsn(dsn)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('where all that answer take no writes, that is said', async () => {
  const dsn = `${dsnOf([await freePort(), serverPort])}&options=-c%20default_transaction_read_only%3Don`;
  await expect(chosenDsn(dsn)).rejects.toThrow('takes no writes');
  expect(readDsn(await chosenDsn(dsn.replace('read-write', 'primary'))).port).toBe(String(serverPort));
});

test('the pool goes on with another server where the one it was on is lost', async () => {
  const first = await startCountingProxy(serverPort);
  const second = await startCountingProxy(serverPort);
  const dsn = dsnOf([first.port, second.port], 'any');
  const tls = new DatabaseTls(dsn);
  const pool = poolOn(dsn, tls);
  const probe = new DatabaseProbe(dsn, tls);
  const connections = new Connections({ pool, prePing: true });
  const ask = () => connections.lend((client) => client.query('select 1'));
  try {
    await Promise.all([ask(), probe.check()]);
    const asked = second.connects.length;
    await first[Symbol.asyncDispose]();
    await expect
      .poll(() =>
        probe.check().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    connections.reachable();
    await ask();
    expect(second.connects.length).toBeGreaterThan(asked + 1);
  } finally {
    await Promise.all([pool.end(), probe[Symbol.asyncDispose]()]);
    await second[Symbol.asyncDispose]();
  }
});
