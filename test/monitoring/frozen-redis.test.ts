import { expect, test } from 'vitest';
import { connectRedis } from '../../src/platform/redis/redis.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { ownRedis } from './faults/own-redis.ts';

test('the connection to a frozen Redis is given up, and no more is sent into it', async () => {
  await using folder = await temporaryFolder();
  await using server = await ownRedis(folder.path);
  await using redis = connectRedis({ url: server.url, onError: () => undefined });
  const outcome = (): Promise<string> =>
    redis.ping().then(
      () => 'answered',
      ({ message }: Error) => message,
    );
  await expect.poll(outcome).toBe('answered');

  server.freeze();
  expect(await outcome()).toBe('Command timed out');
  const refused = /^Stream isn't writeable/;
  await expect.poll(outcome).toMatch(refused);
  expect(await outcome()).toMatch(refused);

  server.resume();
  await expect.poll(outcome).toBe('answered');
});
