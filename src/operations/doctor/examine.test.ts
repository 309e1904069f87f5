import { expect, test } from 'vitest';
import { type Check, critical, ok, unknown, type Verdict, warning } from './check.ts';
import type { DoctorContext } from './doctor-context.ts';
import { examine } from './examine.ts';
import { renderDiagnoses } from './render.ts';

const context = {} as DoctorContext;
const check = (id: Check['id'], look: () => Promise<Verdict>): Check => ({ id, runbook: 'docs/x.md', look });
const complaint = { finding: 'something is wrong', remedy: 'mend it' };

test('the worst comes first; of equals, the one that stands first', async () => {
  const found = await examine(context, [
    check('disk.space', async () => ok('fine')),
    check('redis.connection', async () => warning(complaint)),
    check('database.connection', async () => critical(complaint)),
    check('service.health', async () => critical(complaint)),
    check('backups.age', async () => unknown('no way to look')),
  ]);
  expect(found.map(({ check: id }) => id)).toEqual([
    'database.connection',
    'service.health',
    'redis.connection',
    'backups.age',
    'disk.space',
  ]);
});

test('one that throws, at once or later, or never ends, says why it could not look; the others go on', async () => {
  const found = await examine(
    context,
    [
      check('disk.space', () => {
        throw new Error('no such folder');
      }),
      check('database.clock', async () => {
        throw new Error('the database cannot be reached');
      }),
      check('redis.connection', () => new Promise(() => undefined)),
      check('schema.role', async () => ok('fine')),
    ],
    50,
  );
  expect(found.map(({ check: id, severity, finding }) => [id, severity, finding])).toEqual([
    ['disk.space', 'unknown', 'no such folder'],
    ['database.clock', 'unknown', 'the database cannot be reached'],
    ['redis.connection', 'unknown', 'it was not done within 0.05 s'],
    ['schema.role', 'ok', 'fine'],
  ]);
});

test('a healthy system is one line, which says what could not be looked at', async () => {
  const found = await examine(context, [
    check('disk.space', async () => ok('fine')),
    check('service.health', async () => unknown('no instance answers')),
  ]);
  expect(renderDiagnoses(found)).toBe(
    'Healthy: 1 check found nothing. 1 check could not look: no instance answers.\n',
  );
});

test('a finding is told with its evidence, what mends it and where to read on; what could not look in one line; then, how it is all in all', async () => {
  const found = await examine(context, [
    check('database.connection', async () => critical({ ...complaint, evidence: ['ECONNREFUSED'] })),
    check('schema.role', async () => unknown('the database cannot be reached')),
    check('service.health', async () => unknown('no instance answers')),
    check('schema.migrations', async () => unknown('the database cannot be reached')),
    check('disk.space', async () => ok('fine')),
  ]);
  expect(renderDiagnoses(found)).toBe(`critical: database.connection
  something is wrong
  - ECONNREFUSED
  mend: mend it
  read: docs/x.md

3 checks could not look: the database cannot be reached (2), no instance answers (1). Which: brownie doctor --json

5 checks: 1 critical, 3 could not look, 1 found nothing
`);
});
