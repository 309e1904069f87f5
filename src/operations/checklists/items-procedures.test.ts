import { expect, test } from 'vitest';
import { drillNames } from '../drill-record/index.ts';
import { judgeRecord } from './items-procedures.ts';

const now = new Date('2026-11-30T00:00:00Z');
const [recent, old] = ['2026-11-20T00:00:00Z', '2026-08-20T00:00:00Z'];
const pass = (drill: string, passedAt: string) => ({
  drill,
  passedAt,
  version: '1.0.0',
  isFull: false,
  seconds: 1,
  figures: [],
});
/** Every drill passed lately, but for these. */
const all = (others: Readonly<Record<string, string>> = {}) =>
  drillNames.map((name) => pass(name, others[name] ?? recent));

test.each([
  ['nothing is recorded', [], 'fail', 'brownie drill all --record'],
  ['each passed lately', all(), 'pass', null],
  ['one is old', all({ pitr: old }), 'fail', 'brownie drill pitr --record'],
  ['one is missing', all().slice(1), 'fail', 'brownie drill restore --record'],
  ['two are old', all({ pitr: old, restore: old }), 'fail', 'brownie drill all --record'],
])('%s', (_, passes, result, command) => {
  expect(judgeRecord(passes, now)).toMatchObject({ result, command });
});

test('how long ago each passed is said, the oldest first', () => {
  const { evidence } = judgeRecord(all({ pitr: '2026-11-10T00:00:00Z' }), now);
  expect(evidence.slice(0, 3)).toEqual([
    '16 drills, the oldest first:',
    '  pitr: passed 20 days ago, with version 1.0.0',
    '  restore: passed 10 days ago, with version 1.0.0',
  ]);
  expect(judgeRecord(all().slice(1), now).evidence).toEqual(['restore: no pass is recorded']);
});
