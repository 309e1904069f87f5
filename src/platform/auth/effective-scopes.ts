import { type Permission, permissions, type Requirement } from './permissions.ts';
import { isOrganizationAdmin, type Principal, type TeamRole, teamRoleOf } from './principal.ts';
import { keyRequirements, type Scope, scopes } from './scopes.ts';

/**
 * What the caller may, as API keys name it, somewhere in the organization of their token: of a key the scopes that it was given, as far as whom it acts
 * for still has a role that they are of use with.
 */
export function effectiveScopes(principal: Principal): Scope[] {
  const { orgId, apiKey, teams } = principal;
  const isAdmin = isOrganizationAdmin(principal, orgId);
  const roles = new Set<TeamRole | undefined>(
    isAdmin ? ['admin'] : [...teams.keys()].map((teamId) => teamRoleOf(principal, orgId, teamId)),
  );
  const isMet: Readonly<Record<Requirement, boolean>> = {
    'anyone signed in': true,
    'organization member': principal.organizations.has(orgId),
    'organization admin': isAdmin,
    'organization owner': principal.organizations.get(orgId) === 'owner',
    'organization member, of a team its viewer': principal.organizations.has(orgId),
    'organization admin, of a team its admin': roles.has('admin'),
    'team viewer': roles.has('viewer') || roles.has('member') || roles.has('admin'),
    'team member': roles.has('member') || roles.has('admin'),
    'team admin': roles.has('admin'),
    'oneself or team admin': true,
  };
  return scopes.filter(
    (scope) =>
      (apiKey?.scopes.includes(scope) ?? true) &&
      actionsOf(scope).some((permission) => isMet[permissions[permission]]),
  );
}

const actionsOf = (scope: Scope): Permission[] =>
  (Object.keys(permissions) as Permission[]).filter((permission) => keyRequirements[permission] === scope);
