import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../system/package-root.ts';
import { auditActions } from './audit-actions.ts';

test('every code of the audit trail is documented, with what was done, and no other', () => {
  const text = readFileSync(join(packageRoot, 'docs/audit-trail.md'), 'utf8');
  const documented = [...text.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$/gm)].map(([, code, what]) => [
    code,
    what,
  ]);
  expect(documented).toEqual(Object.entries(auditActions));
});

test('codes are a noun and what was done, in the order of the alphabet', () => {
  const codes = Object.keys(auditActions);
  expect(codes.filter((code) => !/^[a-z_]+\.[a-z_]+$/.test(code))).toEqual([]);
  expect(codes).toEqual(codes.toSorted());
});
