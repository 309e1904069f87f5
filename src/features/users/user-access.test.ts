import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Caller } from '../../platform/auth/caller.ts';
import { known } from '../../platform/auth/principal.fixture.ts';
import type { OrganizationRole } from '../../platform/auth/principal.ts';
import type { ApiError } from '../../platform/errors/api-error.ts';
import {
  requireAllowedFields,
  requireNoHigherRank,
  requireOwnIdentity,
  requireUnproved,
} from './user-access.ts';
import type { UserRecord, UserUpdate } from './user-schemas.ts';

const orgId = randomUUID();

const userOf = (fields: Partial<UserRecord> = {}): UserRecord => ({
  id: randomUUID(),
  org_id: orgId,
  organization_id: orgId,
  team_id: randomUUID(),
  role: 'member',
  email: 'grace@example.com',
  username: 'grace',
  full_name: null,
  avatar_url: null,
  is_active: true,
  is_verified: false,
  is_service_account: false,
  preferences: {},
  created_by: null,
  updated_by: null,
  deleted_at: null,
  deleted_by: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  organization_role: 'member',
  home_org_id: orgId,
  joined_at: '2026-01-01T00:00:00.000Z',
  ...fields,
});

const callerOf = (role: OrganizationRole, userId: string = randomUUID()): Caller =>
  new Caller({
    pending: known({
      userId,
      email: 'ada@example.com',
      username: 'ada',
      orgId,
      organizations: new Map([[orgId, role]]),
      teams: new Map(),
    }),
    permission: 'user:update',
    requestId: 'r-1',
    address: '127.0.0.1',
  });

const everyField: Required<UserUpdate> = {
  email: 'x@example.com',
  username: 'xyz',
  full_name: null,
  avatar_url: null,
  preferences: {},
  is_active: false,
  is_verified: false,
  password: 'x',
  current_password: 'y',
  role: 'viewer',
};

/** The fields that are refused, of all that there are. */
function refusedFields(caller: Caller, user: UserRecord): string[] {
  try {
    requireAllowedFields(caller, user, everyField);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'user.field_forbidden', status: 403 });
    return (error as ApiError).faults.map(({ pointer }) => pointer).sort();
  }
}

describe('the fields of a user', () => {
  const user = userOf();

  test('are all for the admins and owners of the organization', () => {
    expect(refusedFields(callerOf('admin'), user)).toEqual([]);
    expect(refusedFields(callerOf('owner'), user)).toEqual([]);
  });

  test('by which one could log in as another are not for an admin of the team', () => {
    expect(refusedFields(callerOf('member'), user)).toEqual([
      '/email',
      '/is_verified',
      '/password',
      '/username',
    ]);
  });

  test.each(['member', 'admin', 'owner'] as const)(
    'by which one would raise, verify or revive oneself are not for oneself, %s or not',
    (role) => {
      const oneself = userOf({ organization_role: role });
      expect(refusedFields(callerOf(role, oneself.id), oneself)).toEqual([
        '/is_active',
        '/is_verified',
        '/role',
      ]);
    },
  );

  test('that are not given are not refused', () => {
    expect(() => requireAllowedFields(callerOf('member'), user, { full_name: 'Grace' })).not.toThrow();
  });
});

describe('what a person logs in with', () => {
  const proved = userOf({ is_verified: true });
  const refusal = expect.objectContaining({
    code: 'user.field_forbidden',
    faults: [
      expect.objectContaining({ pointer: '/email' }),
      expect.objectContaining({ pointer: '/password' }),
    ],
  });

  test('is theirs alone to set once they proved their address', () => {
    expect(() => requireUnproved(callerOf('owner'), proved, everyField)).toThrow(refusal);
    expect(() => requireUnproved(callerOf('member', proved.id), proved, everyField)).not.toThrow();
  });

  test('is their organization’s to set before, as is everything else afterwards', () => {
    const { email: _, password: __, ...others } = everyField;
    expect(() => requireUnproved(callerOf('owner'), userOf(), everyField)).not.toThrow();
    expect(() => requireUnproved(callerOf('owner'), proved, others)).not.toThrow();
  });
});

describe('rank', () => {
  test.each([
    ['member', 'member', true],
    ['member', 'admin', false],
    ['member', 'owner', false],
    ['admin', 'member', true],
    ['admin', 'admin', true],
    ['admin', 'owner', false],
    ['owner', 'owner', true],
  ] as const)('%s over %s: %s', (own, theirs, isAllowed) => {
    const check = () => requireNoHigherRank(callerOf(own), userOf({ organization_role: theirs }));
    if (isAllowed) {
      expect(check).not.toThrow();
    } else {
      expect(check).toThrow(expect.objectContaining({ code: 'auth.forbidden' }));
    }
  });

  test('over oneself is never in the way', () => {
    const oneself = userOf({ organization_role: 'owner' });
    expect(() => requireNoHigherRank(callerOf('owner', oneself.id), oneself)).not.toThrow();
  });
});

describe('an identity', () => {
  const guest = userOf({ home_org_id: randomUUID() });

  test('is managed by its home organization, not by another one it belongs to', () => {
    expect(() => requireOwnIdentity(callerOf('owner'), guest)).toThrow(
      expect.objectContaining({ code: 'auth.forbidden' }),
    );
    expect(() => requireOwnIdentity(callerOf('owner'), userOf())).not.toThrow();
  });

  test('is its own, wherever it is', () => {
    expect(() => requireOwnIdentity(callerOf('member', guest.id), guest)).not.toThrow();
  });
});
