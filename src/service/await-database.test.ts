import { expect, test } from 'vitest';
import { NotWritableError } from '../platform/database/writable.ts';
import { awaitDatabase, type Wait } from './await-database.ts';

const refused = () => Object.assign(new Error('connect ECONNREFUSED ::1:5432'), { code: 'ECONNREFUSED' });
const neverStopped = new AbortController().signal;

/** A database that fails so often before it answers. */
function comingAfter(failures: number, error: () => Error = refused) {
  let attempts = 0;
  return {
    attempt: async () => {
      attempts += 1;
      if (attempts <= failures) {
        throw error();
      }
      return 'here';
    },
    get attempts() {
      return attempts;
    },
  };
}

test('a database that comes late is waited for, and each wait has its reason', async () => {
  const waits: [string, number][] = [];
  const database = comingAfter(2);
  const onWait = async ({ complaint, seconds }: Wait): Promise<void> => {
    waits.push([complaint, seconds]);
  };
  const options = { attempt: database.attempt, timeoutSeconds: 60, stopping: neverStopped, onWait };
  expect(await awaitDatabase(options)).toBe('here');
  expect(waits.map(([reason]) => reason)).toEqual([
    'cannot be reached (ECONNREFUSED)',
    'cannot be reached (ECONNREFUSED)',
  ]);
  const [first = Number.NaN, second = Number.NaN] = waits.map(([, seconds]) => seconds);
  expect(first).toBeGreaterThanOrEqual(0.375);
  expect(first).toBeLessThanOrEqual(0.625);
  expect(second).toBeGreaterThanOrEqual(0.75);
  expect(second).toBeLessThanOrEqual(1.25);
});

test('a standby is waited for until it is promoted, and is called one', async () => {
  const waits: string[] = [];
  const { attempt } = comingAfter(1, () => new NotWritableError('standby'));
  const onWait = async ({ complaint }: Wait): Promise<void> => {
    waits.push(complaint);
  };
  const options = { attempt, timeoutSeconds: 60, stopping: neverStopped, onWait };
  expect(await awaitDatabase(options)).toBe('here');
  expect(waits).toEqual(['takes no writes: it is a standby']);
});

test.each(['28P01', '3D000', '42501'])('what does not pass by itself is thrown at once: %s', async (code) => {
  const { DatabaseError } = (await import('pg')).default;
  const wrong = Object.assign(new DatabaseError('no', 1, 'error'), { code });
  const database = comingAfter(9, () => wrong);
  const onWait = async (): Promise<void> => undefined;
  const waiting = awaitDatabase({
    attempt: database.attempt,
    timeoutSeconds: 60,
    stopping: neverStopped,
    onWait,
  });
  await expect(waiting).rejects.toBe(wrong);
  expect(database.attempts).toBe(1);
});

test('the wait ends when its time is up, with what to do about it', async () => {
  const database = comingAfter(99);
  const onWait = async (): Promise<void> => undefined;
  const waiting = awaitDatabase({
    attempt: database.attempt,
    timeoutSeconds: 1,
    stopping: neverStopped,
    onWait,
  });
  await expect(waiting).rejects.toThrow(
    'The database cannot be reached (ECONNREFUSED), for 1 s now: check METADATA_POSTGRES_DSN',
  );
  expect(database.attempts).toBeGreaterThan(1);
});

test('the wait ends when the process is told to stop', async () => {
  const controller = new AbortController();
  const waiting = awaitDatabase({
    attempt: comingAfter(99).attempt,
    timeoutSeconds: 0,
    stopping: controller.signal,
    onWait: async () => controller.abort(),
  });
  await expect(waiting).rejects.toThrow('aborted');
});
