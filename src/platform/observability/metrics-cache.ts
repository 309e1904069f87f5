import { Counter, Gauge, type Registry } from 'prom-client';

/** What became of a question who calls; `AccountCache` says what each means. */
const outcomes = ['hit_memory', 'hit_redis', 'miss', 'stale_refused', 'untrusted', 'error'] as const;
type CacheOutcome = (typeof outcomes)[number];

/** What is remembered of callers at this moment. */
export interface CacheGauges {
  readonly users: () => number;
  readonly isTrusted: () => boolean;
}

/** Who calls, as far as it is remembered. */
export function cacheMetrics(registry: Registry) {
  const registers = [registry];
  let gauges: CacheGauges = { users: () => 0, isTrusted: () => false };
  const asked = new Counter({
    name: 'account_cache_requests_total',
    help: 'Questions who calls, put to what is remembered, by what became of them; error counts Redis that does not answer, too.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) {
    asked.inc({ outcome }, 0);
  }
  new Gauge({
    name: 'account_cache_users',
    help: 'Users remembered in memory.',
    registers,
    collect() {
      this.set(gauges.users());
    },
  });
  new Gauge({
    name: 'account_cache_trusted',
    help: '1 while what is remembered of callers is used; 0 while the database does not say what changed, and where nothing is remembered.',
    registers,
    collect() {
      this.set(gauges.isTrusted() ? 1 : 0);
    },
  });
  return {
    cacheAsked: (outcome: CacheOutcome): void => asked.inc({ outcome }),
    cacheOpened(opened: CacheGauges): void {
      gauges = opened;
    },
  };
}
