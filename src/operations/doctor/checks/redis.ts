import { Redis } from 'ioredis';
import { type Check, ok, type Verdict, warning } from '../check.ts';

const timeoutMs = 1_500;
const slowMs = 50;

export const redisConnection: Check = {
  id: 'redis.connection',
  runbook: 'docs/runbooks/RedisDown.md',
  async look({ config: { redis } }) {
    if (redis.url === undefined) {
      return ok('No Redis is configured');
    }
    const { host } = new URL(redis.url);
    const client = new Redis(redis.url, {
      lazyConnect: true,
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    let lastError: Error | undefined;
    client.on('error', (error) => {
      lastError = error;
    });
    try {
      await client.connect();
      const times: number[] = [];
      for (const _ of [1, 2, 3, 4, 5]) {
        const startedAt = performance.now();
        await client.ping();
        times.push(performance.now() - startedAt);
      }
      return judgeTime(host, Math.min(...times));
    } catch (error) {
      const cause = lastError ?? error;
      return redisFault(host, cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      client.disconnect();
    }
  },
};

export const judgeTime = (host: string, bestMs: number): Verdict =>
  bestMs <= slowMs
    ? ok(`Redis at ${host} answers in ${bestMs.toFixed(1)} ms`)
    : warning({
        finding: `Redis at ${host} takes ${Math.round(bestMs)} ms for an answer`,
        remedy: 'redis-cli --latency; redis-cli slowlog get 10',
        about: 'speed',
      });

/** What an error of the client means. The service goes on without Redis. */
export function redisFault(host: string, error: Error): Verdict {
  const text = `${'code' in error ? String(error.code) : ''} ${error.message}`.trim();
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password|Authentication|AUTH/.test(text)) {
    return warning({
      finding: `Redis at ${host} refuses the password`,
      evidence: [text],
      remedy: 'correct METADATA_REDIS_URL (or its file), then start the service again',
    });
  }
  const finding = /ECONNREFUSED/.test(text)
    ? `Nothing listens at ${host}: Redis does not run there`
    : /ENOTFOUND|EAI_AGAIN/.test(text)
      ? `The host name of Redis, ${host}, cannot be resolved`
      : /ETIMEDOUT|timed out/i.test(text)
        ? `Redis at ${host} does not answer: it is frozen, or the network drops packets`
        : `Redis at ${host} cannot be used`;
  return warning({
    finding,
    evidence: [text],
    remedy: 'systemctl start redis-server (Compose: docker compose up -d redis)',
  });
}
