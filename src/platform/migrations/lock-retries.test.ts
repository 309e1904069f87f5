import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { type LockRetry, retryDelayMs, retryOnLocks, triesMax } from './lock-retries.ts';
import { MigrationError } from './migration-error.ts';
import { migrationsOf } from './test-support/fixtures.ts';

function failure(code: string): MigrationError {
  const [migration] = migrationsOf('select 1');
  if (migration === undefined) {
    throw new Error('there is one migration');
  }
  return new MigrationError(migration, null, Object.assign(new DatabaseError('no', 1, 'error'), { code }));
}

async function tried(errors: MigrationError[]) {
  const retries: LockRetry[] = [];
  const waits: number[] = [];
  const outcome = await retryOnLocks(
    async () => {
      const error = errors.shift();
      if (error !== undefined) {
        throw error;
      }
      return 'done';
    },
    (retry) => retries.push(retry),
    async (delayMs) => waits.push(delayMs),
  ).catch((error: unknown) => error);
  return { outcome, retries, waits };
}

test('a lock and a deadlock are tried again, after the pause that was told', async () => {
  const { outcome, retries, waits } = await tried([failure('55P03'), failure('40P01')]);
  expect(outcome).toBe('done');
  expect(retries).toMatchObject([
    { tries: 1, sqlState: '55P03' },
    { tries: 2, sqlState: '40P01' },
  ]);
  expect(waits).toEqual(retries.map(({ delayMs }) => delayMs));
});

test('another error is not tried again', async () => {
  const { outcome, retries } = await tried([failure('42P01')]);
  expect(outcome).toMatchObject({ sqlState: '42P01' });
  expect(retries).toEqual([]);
});

test('tries are bounded', async () => {
  const { outcome, waits } = await tried(Array.from({ length: 20 }, () => failure('55P03')));
  expect(outcome).toMatchObject({ sqlState: '55P03', message: expect.stringContaining('long transactions') });
  expect(waits).toHaveLength(triesMax - 1);
});

test('pauses double up to 8 s, half of each is chance', () => {
  expect([1, 2, 3, 4, 5, 6, 9].map((tries) => retryDelayMs(tries, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 8000, 8000,
  ]);
  expect(retryDelayMs(3, 0)).toBe(1000);
});
