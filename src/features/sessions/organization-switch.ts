import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import type { Tokens } from '../../platform/auth/tokens.ts';
import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import { userStore } from '../users/index.ts';
import { authenticationMethods } from './authentication-methods.ts';
import { tokenPair } from './refresh-service.ts';
import { newRefreshToken } from './refresh-token.ts';
import type { Switch, TokenPair } from './session-schemas.ts';
import { type SessionLifetimes, sessionStore } from './session-store.ts';

export interface OrganizationSwitchOptions {
  readonly db: Database;
  readonly tokens: Tokens;
  readonly lifetimes: SessionLifetimes;
  readonly metrics: Pick<Metrics, 'tokenIssued'>;
}

/** Goes on in another organization of the same user. */
export class OrganizationSwitch {
  readonly #options: OrganizationSwitchOptions;

  constructor(options: OrganizationSwitchOptions) {
    this.#options = options;
  }

  /**
   * A session there in the place of this one, which is over with its tokens; it ends when this one would have. Throws 404
   * `organization.not_found` for a stranger, and 403 `organization.inactive`.
   */
  async switch(caller: Caller, { organization_id: id }: Switch): Promise<TokenPair> {
    const { db, tokens, lifetimes, metrics } = this.#options;
    const { userId, requestId, address, principal } = caller;
    const orgId = id.toLowerCase();
    if (!principal.organizations.has(orgId)) {
      throw new ApiError('organization.not_found');
    }
    if (principal.sessionId === undefined) {
      throw new ApiError('auth.unauthenticated');
    }
    const [sessionId, refreshToken] = [uuidv7(), newRefreshToken()];
    const begun = await sessionStore(db).moveTo(orgId, {
      id: sessionId,
      userId,
      from: { orgId: principal.orgId, id: principal.sessionId },
      address,
      refreshToken,
      lifetimes,
    });
    if (begun === undefined) {
      throw new ApiError('organization.inactive');
    }
    const user = await userStore(db.within({ orgId })).find(orgId, userId);
    if (user === undefined) {
      throw new ApiError('auth.unauthenticated');
    }
    metrics.tokenIssued();
    await recordAccess(
      db,
      orgId,
      {
        actor: { userId, requestId, address },
        action: 'session.begun',
        resourceType: 'session',
        resourceId: sessionId,
        after: { method: begun.method, is_switch: true },
      },
      [{ kind: 'audit-session', subject: userId, most: 60, perSeconds: 3_600 }],
    );
    const amr = authenticationMethods(begun.method, begun.second_factor);
    const subject = { userId, orgId, sessionId, email: user.email, roles: [user.role], amr };
    return tokenPair(tokens, subject, refreshToken, begun.seconds_left);
  }
}
