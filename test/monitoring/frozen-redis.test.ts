import { expect, test } from 'vitest';
import { connectRedis } from '../../src/platform/redis/redis.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { ownRedis } from './faults/own-redis.ts';

test('the connection to a frozen Redis is given up, and no more is sent into it', async () => {
  await using folder = await temporaryFolder();
  await using server = await ownRedis(folder.path);
  await using redis = connectRedis({
    url: server.url,
    onError: () => undefined,
    roundTrip: (_name, send) => send(),
  });
  const { client } = redis;
  await expect.poll(() => client.status).toBe('ready');
  await client.set('before', '0');

  server.freeze();
  await expect(client.incr('changes')).rejects.toThrow('Command timed out');
  await expect.poll(() => client.status).not.toBe('ready');
  for (let turn = 0; turn < 5; turn += 1) {
    await expect(client.incr('changes')).rejects.toThrow();
  }

  server.resume();
  await expect.poll(() => client.status).toBe('ready');
  // What was sent before is run all the same: a time-out is no promise that nothing happened.
  expect(await client.get('changes')).toBe('1');
});
