import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { connectRedis } from '../../src/platform/redis/redis.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { startCollector } from '../harness/collector.ts';
import { tracingTo } from '../harness/traces.ts';
import { ownRedis } from './faults/own-redis.ts';

test('a command to Redis is a span of its request, by its name alone; outside of one it is none', async () => {
  await using folder = await temporaryFolder();
  await using server = await ownRedis(folder.path);
  await using collector = await startCollector();
  const tracing = await tracingTo(collector);
  await using redis = connectRedis({
    url: server.url,
    onError: () => undefined,
    roundTrip: tracing.command,
  });
  await expect
    .poll(
      () =>
        redis.ping().then(
          () => 'PONG',
          () => 'gone',
        ),
      { timeout: 5_000 },
    )
    .toBe('PONG');
  await using listener = Fastify();
  tracing.observeRequests(listener);
  listener.get('/redis', async () => {
    await redis.client.set('canary-key', 'canary-value');
    await redis.client.call('incr', 'canary-key').catch(() => undefined);
    return await redis.client.get('canary-key');
  });
  const url = await listener.listen({ host: '127.0.0.1', port: 0 });
  expect(await (await fetch(`${url}/redis`)).text()).toBe('canary-value');
  await tracing[Symbol.asyncDispose]();

  expect(collector.spans.map(({ name, status }) => [name, status.code])).toEqual([
    ['SET', 0],
    ['INCR', 2],
    ['GET', 0],
    ['GET /redis', 0],
  ]);
  const [set, , , request] = collector.spans;
  expect(set).toMatchObject({
    parentSpanId: request?.spanId,
    attributes: { 'db.system.name': 'redis', 'db.operation.name': 'SET' },
  });
  expect(collector.wire()).not.toContain('canary');
});
