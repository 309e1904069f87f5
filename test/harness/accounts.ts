import { inject } from 'vitest';
import { readAccessLog, SealedAccounts } from '../../src/platform/auth/accounts/index.ts';
import { DatabaseProbe } from '../../src/platform/database/database-probe.ts';
import type { RedisConnection } from '../../src/platform/redis/redis.ts';
import type { AppDependencies } from '../../src/service/app.ts';
import { testSecret } from './app.ts';

/** What makes an application remember callers. */
export interface Remembering extends AsyncDisposable {
  readonly accounts: NonNullable<AppDependencies['accounts']>;
  /** Whether it gets to know whose access changed. */
  isCutOff: boolean;
}

export function remembering(redis?: RedisConnection): Remembering {
  const probe = new DatabaseProbe(inject('databases').service);
  const self: Remembering = {
    isCutOff: false,
    accounts: {
      readAccess: (since) =>
        self.isCutOff
          ? Promise.reject(new Error('cut off'))
          : readAccessLog((text) => probe.query(text), since),
      redis,
      seals: new SealedAccounts([testSecret]),
      prefix: '',
      ttlSeconds: 300,
    },
    [Symbol.asyncDispose]: () => probe[Symbol.asyncDispose](),
  };
  return self;
}
