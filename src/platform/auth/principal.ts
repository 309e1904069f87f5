export type OrganizationRole = 'owner' | 'admin' | 'member';
export type TeamRole = 'admin' | 'member' | 'viewer';

/** Who is calling, as the database knows them at this moment; roles never come from the token. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  readonly username: string;
  /** The organization that the token was issued for. */
  readonly orgId: string;
  /** The session that the token belongs to; none for tokens of releases before sessions. */
  readonly sessionId?: string | undefined;
  /** Whether the organization of the token asks for a second factor that the session does not have: they may add one, and nothing else. */
  readonly lacksFactor?: boolean | undefined;
  /** The API key that they call with, where it is one: the roles are then what that leaves of them. */
  readonly apiKey?: PrincipalKey | undefined;
  /** Role in each organization the caller belongs to. */
  readonly organizations: ReadonlyMap<string, OrganizationRole>;
  /** Each team the caller is a member of, in any organization. */
  readonly teams: ReadonlyMap<string, TeamMembership>;
}

export interface PrincipalKey {
  readonly id: string;
  readonly scopes: readonly string[];
}

export interface TeamMembership {
  /** The organization that the team belongs to. */
  readonly orgId: string;
  readonly role: TeamRole;
}

/** True for owners and admins of the organization. */
export function isOrganizationAdmin(principal: Principal, orgId: string): boolean {
  const role = principal.organizations.get(orgId);
  return role === 'owner' || role === 'admin';
}

/**
 * The caller's role in a team of an organization; owners and admins of the organization count as admin. A role in a
 * team of another organization counts for nothing, whoever names that team.
 */
export function teamRoleOf(principal: Principal, orgId: string, teamId: string): TeamRole | undefined {
  if (isOrganizationAdmin(principal, orgId)) {
    return 'admin';
  }
  const membership = principal.teams.get(teamId);
  return membership?.orgId === orgId ? membership.role : undefined;
}
