import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Caller } from './caller.ts';
import type { Permission } from './permissions.ts';
import { known } from './principal.fixture.ts';
import type { OrganizationRole, Principal, TeamRole } from './principal.ts';

const [orgId, teamId, otherTeamId, userId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const [otherOrgId, foreignTeamId] = [randomUUID(), randomUUID()];

interface Roles {
  readonly organization?: OrganizationRole;
  readonly team?: TeamRole;
  /** In a second organization, of one of whose teams everyone in it is an admin here. */
  readonly elsewhere?: OrganizationRole;
}

function principal({ organization, team, elsewhere }: Roles): Principal {
  return {
    userId,
    email: 'ada@example.com',
    username: 'ada',
    orgId,
    organizations: new Map([
      ...(organization ? [[orgId, organization] as const] : []),
      ...(elsewhere ? [[otherOrgId, elsewhere] as const] : []),
    ]),
    teams: new Map([
      ...(team ? [[teamId, { orgId, role: team }] as const] : []),
      ...(elsewhere ? [[foreignTeamId, { orgId: otherOrgId, role: 'admin' }] as const] : []),
    ]),
  };
}

const caller = (roles: Roles, permission: Permission): Caller =>
  new Caller({ pending: known(principal(roles)), permission, requestId: 'r-1', address: '127.0.0.1' });

const isAllowed = (
  roles: Roles,
  permission: Permission,
  target: Parameters<Caller['authorize']>[0],
): boolean => {
  const someone = caller(roles, permission);
  try {
    someone.authorize(target);
  } catch (error) {
    expect(error).toMatchObject({ code: 'auth.forbidden', status: 403 });
  }
  return someone.isAuthorized;
};

const stranger: Roles = { elsewhere: 'owner' };
const outsider: Roles = { organization: 'member' };
const viewer: Roles = { organization: 'member', team: 'viewer' };
const member: Roles = { organization: 'member', team: 'member' };
const teamAdmin: Roles = { organization: 'member', team: 'admin' };
const admin: Roles = { organization: 'admin' };
const owner: Roles = { organization: 'owner' };
const line = { stranger, outsider, viewer, member, teamAdmin, admin, owner };

describe('in a team', () => {
  test.each([
    ['organization:read', ['outsider', 'viewer', 'member', 'teamAdmin', 'admin', 'owner']],
    ['incident:read', ['viewer', 'member', 'teamAdmin', 'admin', 'owner']],
    ['incident:create', ['member', 'teamAdmin', 'admin', 'owner']],
    ['member:manage', ['teamAdmin', 'admin', 'owner']],
    ['user:update', ['teamAdmin', 'admin', 'owner']],
    ['organization:update', ['admin', 'owner']],
  ] as const)('%s is for %j', (permission, allowed) => {
    const names = Object.entries(line)
      .filter(([, roles]) => isAllowed(roles, permission, { orgId, teamId }))
      .map(([name]) => name);
    expect(names).toEqual(allowed);
  });

  test('a role in one team is none in another', () => {
    expect(isAllowed(teamAdmin, 'incident:read', { orgId, teamId: otherTeamId })).toBe(false);
    expect(isAllowed(admin, 'incident:read', { orgId, teamId: otherTeamId })).toBe(true);
  });
});

describe('a target without a team', () => {
  test.each([undefined, null])('(%s) is for the admins of its organization alone', (none) => {
    const target = none === undefined ? { orgId } : { orgId, teamId: none };
    expect(isAllowed(teamAdmin, 'user:delete', target)).toBe(false);
    expect(isAllowed(admin, 'user:delete', target)).toBe(true);
  });
});

describe('oneself', () => {
  test('may be changed whatever the role, others not', () => {
    expect(isAllowed(viewer, 'user:update', { orgId, teamId, userId })).toBe(true);
    expect(isAllowed(viewer, 'user:update', { orgId, teamId, userId: randomUUID() })).toBe(false);
  });

  test('may not be deleted for being oneself', () => {
    expect(isAllowed(viewer, 'user:delete', { orgId, teamId, userId })).toBe(false);
  });

  test('is nobody in an organization one does not belong to', () => {
    expect(isAllowed(stranger, 'user:update', { orgId, teamId, userId })).toBe(false);
  });
});

describe('the owner of another organization', () => {
  test('has no right here, and every right there', () => {
    const both: Roles = { organization: 'member', team: 'viewer', elsewhere: 'owner' };
    expect(isAllowed(both, 'organization:update', { orgId })).toBe(false);
    expect(isAllowed(both, 'incident:create', { orgId, teamId })).toBe(false);
    expect(isAllowed(both, 'organization:update', { orgId: otherOrgId })).toBe(true);
    expect(isAllowed(both, 'incident:delete', { orgId: otherOrgId, teamId: otherTeamId })).toBe(true);
  });

  test('brings no role of a team there along, whoever names that team', () => {
    const both: Roles = { organization: 'member', team: 'viewer', elsewhere: 'member' };
    expect(isAllowed(both, 'user:create', { orgId, teamId: foreignTeamId })).toBe(false);
    expect(isAllowed(both, 'user:create', { orgId: otherOrgId, teamId: foreignTeamId })).toBe(true);
  });
});

describe('being authorized', () => {
  test('takes a check, except where anyone signed in may', () => {
    expect(caller(owner, 'organization:update').isAuthorized).toBe(false);
    expect(caller(stranger, 'session:read').isAuthorized).toBe(true);
  });
});

describe('an option for admins', () => {
  test('is refused to others', () => {
    const asks = (roles: Roles, target: { orgId: string; teamId?: string }) => () =>
      caller(roles, 'user:list').requireAdmin(target);
    expect(asks(teamAdmin, { orgId })).toThrow(expect.objectContaining({ code: 'auth.forbidden' }));
    expect(asks(member, { orgId, teamId })).toThrow(expect.objectContaining({ code: 'auth.forbidden' }));
    expect(asks(teamAdmin, { orgId, teamId })).not.toThrow();
    expect(asks(admin, { orgId })).not.toThrow();
    expect(asks({ elsewhere: 'owner' }, { orgId })).toThrow();
  });
});
