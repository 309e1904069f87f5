import { expect, test } from 'vitest';
import { renderUpgrade } from './render-upgrade.ts';

const plan = { from: '1.0.0', to: '1.1.0', pending: ['0017-step.sql'], obstacles: [] };
const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

test('says what comes next', () => {
  const text = renderUpgrade({ plan, diagnoses: [] }, true);
  expect(text).toMatch(
    /^From release 1\.0\.0 to 1\.1\.0: 1 migration would be applied\.\n {2}0017-step\.sql\n/,
  );
  expect(lastLine(text)).toMatch(/^Next: brownie backup create, brownie migrate, /);
  expect(lastLine(renderUpgrade({ plan: { ...plan, pending: [] }, diagnoses: [] }, true))).toMatch(
    /^Next: nothing/,
  );
});

test('says what stands in the way, and not to go on where that is critical', () => {
  const obstacle = {
    severity: 'critical',
    finding: 'PostgreSQL 14 is too old',
    remedy: 'update it',
  } as const;
  const text = renderUpgrade({ plan: { ...plan, obstacles: [obstacle] }, diagnoses: [] }, false);
  expect(text).toContain('critical: PostgreSQL 14 is too old\n  mend: update it\n');
  expect(lastLine(text)).toBe('Do not update before what is critical is mended.');
  expect(renderUpgrade({ plan: undefined, diagnoses: [] }, false)).toMatch(/^The database cannot be reached/);
});
