import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nearestTo, operationIds } from './operation-names.ts';

const root = join(import.meta.dirname, '../..');
const attack = (...options: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/attack.ts', ...options], { cwd: root, encoding: 'utf8' });

test('operations are those of the document, of SCIM too, without the operator’s', () => {
  const known = operationIds();
  expect(known).toEqual(expect.arrayContaining(['createIncident', 'scimPatchUser', 'login']));
  expect(known).not.toContain('drain');
  expect(new Set(known).size).toBe(known.length);
});

test('the nearest names are those with the fewest other letters', () => {
  expect(nearestTo('creatincident', ['login', 'createIncident', 'getIncident', 'drain'])).toEqual([
    'createIncident',
    'getIncident',
    'drain',
  ]);
});

test.each([
  [
    ['--operation', 'creatIncident'],
    /There is no operation creatIncident\. The nearest are: createIncident, /,
  ],
  [['--operation', 'createIncident', 'races'], /One operation is tried by these alone: /],
  [['--path', '1:0'], /--path is of one --operation, or of one of these files: /],
  [['--path', '1:0', 'matrix'], /--path is of one --operation, or of one of these files: /],
])('%j is refused before anything is tried', (options, why) => {
  const { status, stderr } = attack(...options);
  expect([status, why.test(stderr)], stderr).toEqual([2, true]);
});
