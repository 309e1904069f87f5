import { expect, test } from 'vitest';
import { isOfSpeed } from './speed.ts';

test.each([
  ['redis.connection', 'warning', 'Redis at 127.0.0.1:6379 takes 61 ms for an answer', true],
  ['activity.slow-queries', 'warning', 'Statements of the service take more than 500 ms on average', true],
  ['backups.age', 'unknown', 'it was not done within 10 s', true],
  ['redis.connection', 'warning', 'Redis at 127.0.0.1:6379 refuses the password', false],
  ['schema.tables', 'critical', 'The table stats is missing', false],
] as const)('%s (%s): %s', (check, severity, finding, expected) => {
  expect(isOfSpeed({ check, severity, finding })).toBe(expected);
});
