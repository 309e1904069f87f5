import { expect, test } from 'vitest';
import { unknown } from '../../operations/doctor/check.ts';
import { judgeStatements } from '../../operations/doctor/checks/activity-slow-queries.ts';
import { judgeTime, redisFault } from '../../operations/doctor/checks/redis.ts';
import { isOfSpeed } from './speed.ts';

const slow = { calls: 3, total: 2_100, mean: 700, query: 'select pg_sleep($1)' };

test('what takes long, and what could not look in time, may come from a busy machine', () => {
  expect(isOfSpeed(judgeTime('127.0.0.1:6379', 61))).toBe(true);
  expect(isOfSpeed(judgeStatements([slow]))).toBe(true);
  expect(isOfSpeed(unknown('it was not done within 10 s'))).toBe(true);
});

test('how things are does not', () => {
  const refused = new Error('WRONGPASS invalid username-password pair or user is disabled.');
  expect(isOfSpeed(redisFault('127.0.0.1:6379', refused))).toBe(false);
});
