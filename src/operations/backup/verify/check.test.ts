import { expect, test } from 'vitest';
import { check, checkOf, exitCodeOf, renderChecks } from './check.ts';

const sound = checkOf('rows', [], '7 rows');
const broken = checkOf('keys', ['one', 'two'], 'fine');
const pending = { name: 'migrations', isOk: true, needsLook: true, detail: '1 is pending' } as const;

test.each([
  [[sound], 0],
  [[sound, pending], 3],
  [[sound, pending, broken], 1],
])('%j end with %d', (checks, exitCode) => {
  expect(exitCodeOf(checks)).toBe(exitCode);
});

test('what cannot be looked at has failed', async () => {
  const failed = await check('storage', () => Promise.reject(new Error('no connection')));
  expect(failed).toEqual({ name: 'storage', isOk: false, detail: 'no connection' });
});

test('each is a line', () => {
  expect(renderChecks([sound, pending, broken])).toMatch(
    /ok {6}rows .*7 rows\n.*LOOK .*1 is pending\n.*FAILED .*one; two\n/,
  );
});
