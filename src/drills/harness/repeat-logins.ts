import { setTimeout as delay } from 'node:timers/promises';
import { logIn, type Tenant } from './tenant.ts';

export interface Logins {
  readonly count: number;
  readonly failed: number;
  /** Resolves once the last one has ended. */
  stop(): Promise<void>;
}

/** Logs somebody in, at one instance after the other, again and again. */
export function repeatLogins(urls: readonly string[], tenant: Tenant): Logins {
  const counts = { count: 0, failed: 0 };
  let isStopping = false;
  const work = async (): Promise<void> => {
    while (!isStopping) {
      for (const url of urls) {
        await logIn(url, tenant).catch(() => {
          counts.failed += 1;
        });
        counts.count += 1;
      }
      await delay(50);
    }
  };
  const working = work();
  return {
    get count() {
      return counts.count;
    },
    get failed() {
      return counts.failed;
    },
    async stop() {
      isStopping = true;
      await working;
    },
  };
}
