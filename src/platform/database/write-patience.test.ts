import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { NotWritableError } from './writable.ts';
import { WritePatience } from './write-patience.ts';

const ofServer = (code: string) => Object.assign(new pg.DatabaseError('no', 1, 'error'), { code });
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const wanting = [
  refused,
  new Error('Connection terminated unexpectedly'),
  ofServer('57P01'),
  ofServer('25006'),
  new NotWritableError('standby'),
  new ApiError('service.unavailable', { cause: refused }),
];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that fails so often before it succeeds. */
function failing(times: number, error: Error) {
  let attempts = 0;
  return {
    work: async () => {
      attempts += 1;
      if (attempts <= times) {
        throw error;
      }
      return 'done';
    },
    attempts: () => attempts,
  };
}

test.each(wanting)('waits where there is no database that takes writes: %s', async (error) => {
  const { work, attempts } = failing(3, error);
  const running = new WritePatience({ timeoutMs: 2_000 }).run(work);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await running).toBe('done');
  expect(attempts()).toBe(4);
});

test.each([
  ofServer('23505'),
  ofServer('28P01'),
  ofServer('57014'),
  new ApiError('team.name_taken'),
  new ApiError('service.maintenance', { cause: ofServer('MT503') }),
  new TypeError('a fault of ours'),
])('throws anything else at once: %s', async (error) => {
  const { work, attempts } = failing(1, error);
  await expect(new WritePatience({ timeoutMs: 2_000 }).run(work)).rejects.toBe(error);
  expect(attempts()).toBe(1);
});

test('throws at once what may have been committed', async () => {
  const { work, attempts } = failing(1, refused);
  const running = new WritePatience({ timeoutMs: 2_000 }).run(work, () => false);
  await expect(running).rejects.toBe(refused);
  expect(attempts()).toBe(1);
});

test('waits no longer than it is told', async () => {
  const { work, attempts } = failing(Number.POSITIVE_INFINITY, refused);
  const ended = vi.fn();
  new WritePatience({ timeoutMs: 2_000 }).run(work).catch(ended);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(ended).toHaveBeenCalledWith(refused);
  expect(attempts()).toBeLessThanOrEqual(22);
});

test('tries as soon as somebody knows that writes are taken', async () => {
  const patience = new WritePatience({ timeoutMs: 2_000 });
  const { work } = failing(1, refused);
  const running = patience.run(work);
  await vi.advanceTimersByTimeAsync(0);
  patience.writable();
  expect(await running).toBe('done');
});

test('no more than a thousand wait', async () => {
  const patience = new WritePatience({ timeoutMs: 2_000 });
  let thrown = 0;
  for (let change = 0; change < 1_005; change += 1) {
    patience.run(failing(Number.POSITIVE_INFINITY, refused).work).catch(() => {
      thrown += 1;
    });
  }
  await vi.advanceTimersByTimeAsync(1);
  expect(thrown).toBe(5);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(thrown).toBe(1_005);
});
