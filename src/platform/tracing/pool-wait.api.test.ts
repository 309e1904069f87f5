import { expect, inject, test } from 'vitest';
import { startApp } from '../../../test/harness/app.ts';
import { startCollector } from '../../../test/harness/collector.ts';
import { newTenant } from '../../../test/harness/tenant.ts';
import { newCaller, spansOf, tracingTo } from '../../../test/harness/traces.ts';
import { createPool } from '../database/pool.ts';

test('a request that waits for a connection says how long', async () => {
  await using collector = await startCollector();
  await using tracing = await tracingTo(collector);
  const pool = createPool({
    dsn: inject('databases').service,
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  await using app = await startApp({ tracing, pool });
  const { owner } = await newTenant(app);
  const only = await pool.connect();
  const caller = newCaller();
  const reply = owner.client.get('/auth/me', caller);
  await expect.poll(() => pool.waitingCount).toBe(1);
  const noticedAt = performance.now();
  await expect.poll(() => performance.now() - noticedAt).toBeGreaterThan(5);
  only.release();
  expect((await reply).status).toBe(200);

  const { server } = await spansOf(collector, caller.traceId);
  expect(server.events).toMatchObject([
    {
      name: 'waited for a database connection',
      attributes: [
        {
          key: 'db.client.connection.wait_time',
          value: { doubleValue: expect.toSatisfy((seconds) => seconds > 0.005 && seconds < 10) },
        },
      ],
    },
  ]);
  await pool.end();
});
