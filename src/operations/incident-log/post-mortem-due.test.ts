import { expect, test } from 'vitest';
import { postMortemDue } from './post-mortem-due.ts';

test.each([
  ['a Wednesday', '2026-11-25T23:59:00Z', '2026-12-02'],
  ['a Friday', '2026-11-27T09:00:00Z', '2026-12-04'],
  ['a Saturday', '2026-11-28T09:00:00Z', '2026-12-04'],
  ['a Sunday', '2026-11-29T09:00:00Z', '2026-12-04'],
  ['the end of a year', '2026-12-30T09:00:00Z', '2027-01-06'],
])('what is closed on %s has five working days', (_day, closedAt, due) => {
  expect(postMortemDue(new Date(closedAt))).toBe(due);
});
