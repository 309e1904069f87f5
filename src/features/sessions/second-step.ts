import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import type { FactorCheck, Shown } from '../second-factor/index.ts';
import { type Challenge, challengeStore } from './challenge-store.ts';
import { sha256 } from './login-cookie.ts';
import type { TokenPair } from './session-schemas.ts';
import type { SessionService } from './session-service.ts';

export interface SecondStepOptions {
  readonly db: Database;
  readonly factors: FactorCheck;
  readonly sessions: Pick<SessionService, 'logIn'>;
  readonly metrics: Pick<Metrics, 'authenticationFailed'>;
}

/** Finishes logins that take a second factor. See docs/adr/0048-second-factor.md. */
export class SecondStep {
  readonly #options: SecondStepOptions;

  constructor(options: SecondStepOptions) {
    this.#options = options;
  }

  /** Whose login a token is of. Throws 401 `auth.mfa_invalid`. */
  async userOf(token: string): Promise<string> {
    const challenge = await challengeStore(this.#options.db).find(sha256(token));
    if (challenge === undefined) {
      throw this.#refused();
    }
    return challenge.user_id;
  }

  /**
   * The tokens of a login whose first factor was right. Throws 401 `auth.mfa_invalid` for a wrong factor and for a token that is none, or not any more;
   * 429 `auth.throttled` where too many were wrong.
   */
  async verify(
    visitor: Visitor,
    { mfa_token: token, ...shown }: Shown & { readonly mfa_token: string },
  ): Promise<TokenPair> {
    const { db, factors, sessions } = this.#options;
    const challenges = challengeStore(db);
    const tokenHash = sha256(token);
    const challenge = await challenges.find(tokenHash);
    if (challenge === undefined) {
      throw this.#refused();
    }
    const { user_id: userId, org_id: orgId, method, generation } = challenge;
    const secondFactor = await factors.take({ ...visitor, userId }, shown, 'second_step');
    if (secondFactor === undefined) {
      await this.#recordFailure(visitor, challenge);
      throw this.#refused();
    }
    if (!(await challenges.take(tokenHash))) {
      throw this.#refused();
    }
    return await sessions.logIn(visitor, { userId, orgId, method, secondFactor, generation });
  }

  #refused(): ApiError {
    this.#options.metrics.authenticationFailed('wrong_credentials');
    return new ApiError('auth.mfa_invalid');
  }

  #recordFailure(
    { address, requestId }: Visitor,
    { user_id: userId, org_id: orgId }: Challenge,
  ): Promise<void> {
    return recordAccess(
      this.#options.db,
      orgId,
      {
        actor: { userId, address, requestId },
        action: 'user.second_factor_failed',
        resourceType: 'user',
        resourceId: userId,
      },
      [{ kind: 'audit-second-factor', subject: userId, most: 20, perSeconds: 3_600 }],
    );
  }
}
