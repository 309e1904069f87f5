import { describe, expect, test } from 'vitest';
import type { SchemaComparison } from '../schema/expected-schema.ts';
import type { Fact } from '../schema/read-schema.ts';
import { judgeGrants } from './schema-grants.ts';
import { judgeObjects } from './schema-objects.ts';
import { judgeOwners } from './schema-owners.ts';

const privilege = (of: string, name: string): Fact => ({ kind: 'privilege', of, name });
const expected = [
  privilege('incidents', 'INSERT'),
  privilege('incidents', 'SELECT'),
  privilege('logins', 'UPDATE (ends)'),
  privilege('email_key(text)', 'EXECUTE'),
];
const asExpected: SchemaComparison = { expected, missing: [], further: [], isAhead: false };

describe('the rights of the service', () => {
  test('are those that the migrations give', () => {
    expect(judgeGrants(asExpected).severity).toBe('ok');
    expect(judgeGrants(undefined).severity).toBe('unknown');
    expect(judgeGrants({ ...asExpected, missing: expected, isAhead: true }).severity).toBe('unknown');
  });
  test('are given back by one statement for each object, a function by its kind', () => {
    expect(judgeGrants({ ...asExpected, missing: expected })).toMatchObject({
      severity: 'critical',
      remedy:
        'as the owner: grant INSERT, SELECT on incidents to brownie_app; grant UPDATE (ends) on logins to brownie_app; grant EXECUTE on function email_key(text) to brownie_app',
    });
  });
  test('are nobody’s on a table that is not there, which has a check of its own', () => {
    expect(
      judgeGrants({ ...asExpected, missing: expected.slice(0, 2) }, new Set(['incidents'])).severity,
    ).toBe('ok');
  });
  test.each([
    ['a right of the table', privilege('incidents', 'TRUNCATE'), 'warning'],
    ['a right of a column', privilege('incidents', 'UPDATE (title)'), 'warning'],
    ['a right of a column that the table gives already', privilege('incidents', 'SELECT (title)'), 'ok'],
    ['a right on somebody else’s table', privilege('reports', 'SELECT'), 'ok'],
  ])('%s too many: %s', (_, further, severity) => {
    expect(judgeGrants({ ...asExpected, further: [further] }).severity).toBe(severity);
  });
});

describe('owners', () => {
  const own = (object: string, owner: string, isOurs: boolean) => ({ object, owner, isOurs });
  const [teams, users, stray] = [
    own('table teams', 'brownie_owner', true),
    own('table users', 'brownie_owner', true),
    own('table stats', 'postgres', false),
  ];
  test('are one, whose rights the login of migrations has', () => {
    expect(judgeOwners([teams, users], true).severity).toBe('ok');
    expect(judgeOwners([teams, users, stray], true)).toMatchObject({
      severity: 'critical',
      evidence: ['table stats belongs to postgres'],
      remedy: 'as a superuser: alter table stats owner to brownie_owner',
    });
  });
  test('are judged by the most where no login of migrations is known', () => {
    const unknown = [teams, users, stray].map((each) => ({ ...each, isOurs: false }));
    expect(judgeOwners(unknown, false).evidence).toEqual(['table stats belongs to postgres']);
    expect(judgeOwners(unknown.slice(0, 2), false).severity).toBe('ok');
  });
});

test('what is missing of the rest is told with what makes it again, of tables that are there', () => {
  const trigger: Fact = { kind: 'trigger', of: 'users', name: 't', definition: 'CREATE TRIGGER t …' };
  const policy: Fact = { kind: 'policy', of: 'teams', name: 'teams_read' };
  const comparison = { ...asExpected, missing: [trigger, policy] };
  expect(judgeObjects(comparison)).toMatchObject({
    severity: 'critical',
    evidence: ['trigger t of users', 'policy teams_read of teams'],
    remedy:
      'alter table users enable trigger t where it is switched off; CREATE TRIGGER t …; the rest as the files in migrations/ have it',
  });
  expect(judgeObjects(comparison, new Set(['users', 'teams'])).severity).toBe('ok');
});
