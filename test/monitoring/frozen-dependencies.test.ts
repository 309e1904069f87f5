import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startService, temporaryFolder } from '../acceptance/service-process.ts';
import { ownPostgres } from './faults/own-postgres.ts';
import { ownRedis } from './faults/own-redis.ts';
import { percentile, phases, type Sample, startProbes } from './faults/probes.ts';

const frozenMs = 20_000;
// @NOTE a percentile of few samples is their worst one: liveness is asked often enough that 1 % of them are many.
const probesEveryMs = { '/health': 500, '/health/live': 50, '/health/ready': 500 } as const;

/** When the first answer with a status was asked for, in milliseconds after an instant. */
const firstAfter = (samples: readonly Sample[], instant: number, status: number): number =>
  (samples.find((sample) => sample.at >= instant && sample.status === status)?.at ??
    Number.POSITIVE_INFINITY) - instant;

test('a frozen database and a dead Redis are told of at once, and nobody is taken out for them', async () => {
  await using folder = await temporaryFolder();
  await using postgres = await ownPostgres(folder.path);
  await using redis = await ownRedis(folder.path);
  const service = await startService({
    METADATA_POSTGRES_DSN: postgres.serviceDsn,
    METADATA_REDIS_URL: redis.url,
    METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
    METADATA_HOST: '127.0.0.1',
  });
  const probes = await startProbes(service.url, probesEveryMs);
  const dependencies = async () =>
    (await (await fetch(`${service.url}/health`)).json()) as { status: string; dependencies: object };

  await delay(3_000);
  const frozenAt = probes.now();
  await postgres.freeze();
  await delay(frozenMs);
  const resumedAt = probes.now();
  await postgres.resume();
  await delay(6_000);

  await redis.kill();
  const degraded = { status: 'degraded', dependencies: { database: 'healthy', redis: 'unhealthy' } };
  await expect.poll(dependencies, { timeout: 2_000 }).toMatchObject(degraded);
  await delay(3_000);
  await redis.start();
  const healthy = { status: 'healthy', dependencies: { database: 'healthy', redis: 'healthy' } };
  await expect.poll(dependencies, { timeout: 10_000 }).toMatchObject(healthy);
  await delay(1_500);
  await probes.stop();
  const { code } = await service.end('SIGTERM');

  const health = probes.samples('/health');
  const live = probes.samples('/health/live');
  const ready = probes.samples('/health/ready');
  const p99 = percentile(live, 0.99);
  process.stdout.write(
    `${live.length} probes: 503 after ${firstAfter(health, frozenAt, 503).toFixed(0)} ms, 200 again after ` +
      `${firstAfter(health, resumedAt, 200).toFixed(0)} ms; p99 of /health/live ${p99.toFixed(1)} ms, of a server that ` +
      `does nothing ${percentile(probes.floor(), 0.99).toFixed(1)} ms\n`,
  );
  expect(live.length).toBeGreaterThan((frozenMs + 9_000) / probesEveryMs['/health/live'] / 2);
  expect(new Set(live.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(ready.map(({ status }) => status))).toEqual(new Set([200]));
  // @NOTE the machine is shared: where a server that does nothing needs 7 ms itself, three times of it are allowed.
  expect(p99).toBeLessThan(Math.max(20, 3 * percentile(probes.floor(), 0.99)));
  expect(firstAfter(health, frozenAt, 503)).toBeLessThan(2_000);
  expect(firstAfter(health, resumedAt, 200)).toBeLessThan(5_000);
  expect(phases(health)).toEqual(['healthy', 'unhealthy', 'healthy', 'degraded', 'healthy']);
  expect(code).toBe(0);
});
