import { expect, test } from 'vitest';
import { fail, needsPerson, pass } from './item.ts';
import { renderChecklist, summary } from './render.ts';

test('each item says what was seen, what to do and where to read; the last line says how it is all in all', () => {
  expect(
    renderChecklist([
      { item: 'Health', ...pass(['200 healthy']) },
      { item: 'Logs', ...fail(['1 error'], 'jq . log', 'docs/runbooks/HighErrorRate.md') },
      { item: 'Dependencies', ...needsPerson(['by a change'], 'npm outdated') },
    ]),
  ).toBe(`[x] Health
    200 healthy
[!] Logs: FAILED
    1 error
    do: jq . log
    read: docs/runbooks/HighErrorRate.md
[ ] Dependencies: needs a person
    by a change
    do: npm outdated

1 of 3 items fine, 1 failed, 1 needs a person
`);
});

test.each([
  [['pass', 'pass'], '2 of 2 items fine'],
  [['fail', 'fail', 'pass'], '1 of 3 items fine, 2 failed'],
  [['needs-a-person', 'needs-a-person'], '0 of 2 items fine, 2 need a person'],
] as const)('%j', (results, expected) => {
  expect(summary(results.map((result) => ({ result })))).toBe(expected);
});
