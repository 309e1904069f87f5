import { ApiError } from '../errors/api-error.ts';
import type { PendingPrincipal } from './pending-principal.ts';
import { type Permission, permissions } from './permissions.ts';
import { isOrganizationAdmin, type Principal, teamRoleOf } from './principal.ts';

/** What an action is about: an organization, and the team or the user in it where there is one. */
export interface Target {
  readonly orgId: string;
  readonly teamId?: string | null;
  readonly userId?: string;
}

/** A request that carries an Idempotency-Key: the key, and what it stands for. */
export interface IdempotentRequest {
  readonly key: string;
  /** Method and path, the latter in its one spelling. */
  readonly route: string;
  /** What the payload is known by: the first is kept, any of them stands for it. */
  readonly fingerprint: readonly [Buffer, ...Buffer[]];
}

export interface CallerOptions {
  readonly pending: PendingPrincipal;
  /** The action that the route declares: the only one that this caller can be allowed. */
  readonly permission: Permission;
  readonly requestId: string;
  readonly address: string;
  readonly idempotency?: IdempotentRequest | undefined;
}

/**
 * One principal in one request, for the action of one route. Who may do what goes this way, and no other:
 *
 * 1. declared: `permissions.ts` names the least role for each action, and each route names its action (`permission` in
 *    `<feature>-routes.ts`); without one the service does not start (`requirePermissions` in http/register-routes.ts);
 * 2. known: http/authentication.ts verifies the token, or finds out whose the API key is; the principal, with the roles of this moment, is
 *    read by the statement of `principal-store.ts`: before the body of a change is, and together with the first statement of a read
 *    (`PendingPrincipal`). A key that lacks the scope of the action (`scopes.ts`) is refused there, before any row is given out;
 * 3. granted: the feature's service finds what the request is about and calls `authorize` with it;
 * 4. enforced: without that call answer-route.ts gives no answer and `change()` commits nothing, a 500 either way; and below
 *    it row-level security shows no row of another organization, whatever was granted.
 */
export class Caller {
  /** Who it is, as far as that is known: goes along with the first statement of a read. */
  readonly pending: PendingPrincipal;
  readonly permission: Permission;
  readonly requestId: string;
  readonly address: string;
  readonly idempotency: IdempotentRequest | undefined;
  /** Set when an earlier reply was given again. */
  replayed = false;
  #isAuthorized = false;

  constructor(options: CallerOptions) {
    this.pending = options.pending;
    this.permission = options.permission;
    this.requestId = options.requestId;
    this.address = options.address;
    this.idempotency = options.idempotency;
    this.#isAuthorized = permissions[options.permission] === 'anyone signed in';
  }

  get userId(): string {
    return this.pending.userId;
  }

  /** The API key that they call with, if any. */
  get apiKeyId(): string | null {
    return this.principal.apiKey?.id ?? null;
  }

  /** The organization that the token was issued for. */
  get orgId(): string {
    return this.pending.orgId;
  }

  /** Throws where it is not known yet; see `PendingPrincipal`. */
  get principal(): Principal {
    return this.pending.principal;
  }

  /** True once the permission has been checked and granted. */
  get isAuthorized(): boolean {
    return this.#isAuthorized;
  }

  /** Grants the route's permission on a target, or throws 403 `auth.forbidden`. */
  authorize(target: Target): void {
    if (!this.#may(target)) {
      if (this.principal.organizations.has(target.orgId)) {
        this.pending.refusedIn = target.orgId;
      }
      throw new ApiError('auth.forbidden', {
        why: `${this.permission} is for: ${permissions[this.permission]}; the caller is: ${this.#standing(target)}`,
      });
    }
    this.#isAuthorized = true;
  }

  /** Throws 403 unless the caller is an admin there: for the options of a route that only admins may use. */
  requireAdmin({ orgId, teamId }: Target): void {
    const { principal } = this;
    const isAdmin = teamId
      ? teamRoleOf(principal, orgId, teamId) === 'admin'
      : isOrganizationAdmin(principal, orgId);
    if (!isAdmin) {
      throw new ApiError('auth.forbidden', {
        why: `it is for an admin there; the caller is: ${this.#standing({ orgId, teamId: teamId ?? null })}`,
      });
    }
  }

  /** Throws 403 unless the caller is at least a member of the team: for the options of a route that viewers may use. */
  requireMember({ orgId, teamId }: Target): void {
    const role = teamId ? teamRoleOf(this.principal, orgId, teamId) : undefined;
    if (role !== 'member' && role !== 'admin') {
      throw new ApiError('auth.forbidden', {
        why: `it is for a member there; the caller is: ${this.#standing({ orgId, teamId: teamId ?? null })}`,
      });
    }
  }

  /** What the caller is where an action is about, for the log. */
  #standing({ orgId, teamId }: Target): string {
    const { principal } = this;
    const inOrganization = principal.organizations.get(orgId);
    const inTeam = teamId ? (teamRoleOf(principal, orgId, teamId) ?? 'nobody') : undefined;
    return `${inOrganization ?? 'nobody'} of the organization${inTeam === undefined ? '' : `, ${inTeam} of the team`}`;
  }

  #may({ orgId, teamId, userId }: Target): boolean {
    const { principal } = this;
    if (!principal.organizations.has(orgId)) {
      return false;
    }
    const isAdmin = isOrganizationAdmin(principal, orgId);
    const role = teamId ? teamRoleOf(principal, orgId, teamId) : isAdmin ? 'admin' : undefined;
    switch (permissions[this.permission]) {
      case 'anyone signed in':
      case 'organization member':
        return true;
      case 'organization member, of a team its viewer':
        return teamId ? role !== undefined : true;
      case 'organization admin, of a team its admin':
        return role === 'admin';
      case 'organization admin':
        return isAdmin;
      case 'organization owner':
        return principal.organizations.get(orgId) === 'owner';
      case 'team viewer':
        return role !== undefined;
      case 'team member':
        return role === 'member' || role === 'admin';
      case 'team admin':
        return role === 'admin';
      case 'oneself or team admin':
        return role === 'admin' || userId === principal.userId;
    }
  }
}
