import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The queue of password hashes at this moment. */
export interface PasswordQueueGauges {
  readonly running: number;
  readonly waiting: number;
}

const rehashResults = ['done', 'superseded', 'skipped', 'failed'] as const;

/** Password hashes, which are slow by design: who waits for one, and who is turned away. */
export function passwordMetrics(registry: Registry) {
  const registers = [registry];
  let queue: PasswordQueueGauges = { running: 0, waiting: 0 };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('password_hashes_running', 'Password hashes that are computed.', () => queue.running);
  gauge('password_hashes_waiting', 'Password hashes that wait for their turn.', () => queue.waiting);
  const wait = new Histogram({
    name: 'password_hash_wait_seconds',
    help: 'Time a password hash waited for its turn.',
    buckets: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const refused = new Counter({
    name: 'password_hashes_refused_total',
    help: 'Password hashes refused with 503, because too many waited.',
    registers,
  });
  const rehashed = new Counter({
    name: 'password_rehashes_total',
    help:
      'Passwords to be hashed anew at a login, with the parameters that are configured by now, by what came of it: done; superseded by another ' +
      'password; skipped, because logins waited; failed.',
    labelNames: ['result'],
    registers,
  });
  for (const result of rehashResults) {
    rehashed.inc({ result }, 0);
  }
  return {
    passwordQueueOpened(opened: PasswordQueueGauges): void {
      queue = opened;
    },
    passwordWork: {
      onBegun: (waitedSeconds: number): void => wait.observe(waitedSeconds),
      onRefused: (): void => refused.inc(),
    },
    passwordRehashed: (result: (typeof rehashResults)[number]): void => rehashed.inc({ result }),
  };
}
