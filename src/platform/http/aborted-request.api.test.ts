import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant } from '../../../test/harness/tenant.ts';
import { createPool } from '../database/pool.ts';

const soon = { interval: 10 };
const requestId = `trace-${randomUUID()}`;

/** Sends a request on a connection of its own; answers how to hang up, which resolves once the service has seen it. */
async function send(app: TestApp, token: string): Promise<() => Promise<void>> {
  const { server } = app.app.http;
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.write(
    `GET /api/v1/auth/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nx-request-id: ${requestId}\r\n\r\n`,
  );
  const [connection] = await accepted;
  return async () => {
    const seen = once(connection, 'close');
    socket.destroy();
    await seen;
  };
}

test('a client that hangs up before it is known who it is has its name in the access line', async () => {
  await using resources = new AsyncDisposableStack();
  const pool = createPool({
    dsn: inject('databases').service,
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 20_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  resources.defer(() => pool.end());
  const app = resources.use(await startApp({ pool }));
  const { owner } = await newTenant(app);
  const accessLines = () =>
    app.log.filter((line) => line['logger'] === 'brownie.access' && line['request_id'] === requestId);

  // Who asks is looked up in the database, and its only connection is taken.
  const only = await pool.connect();
  const hangUp = await send(app, owner.client.token ?? '');
  await expect.poll(() => pool.waitingCount, soon).toBe(1);
  await hangUp();
  expect(accessLines()).toEqual([]);
  only.release();
  await expect.poll(accessLines, soon).toMatchObject([{ status_code: 499, user_id: owner.id }]);
});
