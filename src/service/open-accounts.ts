import {
  AccessWatch,
  AccountCache,
  type ReadAccess,
  type SealedAccounts,
} from '../platform/auth/accounts/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import type { RedisConnection } from '../platform/redis/redis.ts';
import { SharedValues } from '../platform/redis/shared-values.ts';

export interface AccountOptions {
  /** Whose access changed; asked beside the pool, several times a second. */
  readonly readAccess: ReadAccess;
  readonly redis: Pick<RedisConnection, 'get' | 'set'> | undefined;
  readonly seals: SealedAccounts;
  readonly prefix: string;
  readonly ttlSeconds: number;
}

/** What is remembered of callers. */
export interface Accounts extends AsyncDisposable {
  readonly cache: AccountCache;
  readonly watch: AccessWatch;
}

/** Begins to remember who calls, and to ask whose access changed. */
export async function openAccounts(
  { readAccess, redis, ...options }: AccountOptions,
  db: Database,
  metrics: Pick<Metrics, 'cacheAsked' | 'cacheOpened'>,
): Promise<Accounts> {
  const watch = new AccessWatch(readAccess);
  const shared = redis && new SharedValues(redis, () => metrics.cacheAsked('error'));
  const cache = new AccountCache({ ...options, db, watch, shared, onOutcome: metrics.cacheAsked });
  metrics.cacheOpened({ users: () => cache.size, isTrusted: () => watch.isTrusted });
  await watch.start();
  return { cache, watch, [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose]() };
}
