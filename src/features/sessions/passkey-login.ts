import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import type { PasskeyCheck, RequestOptions } from '../second-factor/index.ts';
import type { SecondStep } from './second-step.ts';
import type { PasskeyChallenge, PasskeyProof, TokenPair } from './session-schemas.ts';
import type { SessionService } from './session-service.ts';

export interface PasskeyLoginOptions {
  readonly db: Database;
  readonly passkeys: PasskeyCheck;
  readonly seconds: SecondStep;
  readonly sessions: Pick<SessionService, 'logIn'>;
  readonly limits: SharedLimits;
  /** How many logins an address may begin, and how many it may fail. */
  readonly attemptsPerMinute: number;
  readonly metrics: Pick<Metrics, 'authenticationFailed'>;
}

/** Logins by a passkey: alone, or after a password. See docs/adr/0051-passkeys.md. */
export class PasskeyLogin {
  readonly #options: PasskeyLoginOptions;

  constructor(options: PasskeyLoginOptions) {
    this.#options = options;
  }

  /**
   * What an authenticator is to sign: for the login that `mfa_token` is of, or for whomever it knows. Throws 401 `auth.mfa_invalid`, 429 `rate.limited`, 501
   * `auth.passkeys_not_configured`.
   */
  async challenge(visitor: Visitor, { mfa_token: token }: PasskeyChallenge): Promise<RequestOptions> {
    const { limits, passkeys, seconds, attemptsPerMinute: most } = this.#options;
    const subject = clientNetwork(visitor.address);
    await limits.take([{ kind: 'passkey-challenge', subject, most, perSeconds: 60 }]);
    return token === undefined
      ? await passkeys.request('log_in')
      : await passkeys.request('second_step', await seconds.userOf(token));
  }

  /**
   * The tokens of whose passkey it is: it is two factors, for the authenticator has made sure who it is. With `mfa_token` it finishes that login. Throws 401
   * `auth.passkey_invalid` in the same words whatever is wrong, 401 `auth.mfa_invalid`, 429 `rate.limited` and `auth.throttled`, 501 `auth.passkeys_not_configured`.
   */
  async verify(visitor: Visitor, { mfa_token, passkey }: PasskeyProof): Promise<TokenPair> {
    const { limits, seconds, attemptsPerMinute: most } = this.#options;
    const subject = clientNetwork(visitor.address);
    const failure = { kind: 'passkey-login', subject, most, perSeconds: 60 };
    await limits.take([failure]);
    const tokens =
      mfa_token === undefined
        ? await this.#logIn(visitor, passkey)
        : await seconds.verify(visitor, { mfa_token, passkey });
    await limits.giveBack([failure]);
    return tokens;
  }

  async #logIn(visitor: Visitor, passkey: PasskeyProof['passkey']): Promise<TokenPair> {
    const { passkeys, sessions } = this.#options;
    const shown = await passkeys.take(visitor, 'log_in', passkey);
    if (shown === undefined) {
      throw this.#refused();
    }
    const { userId, orgId, generation } = shown;
    if (!shown.isProved) {
      await this.#recordFailure(visitor, shown);
      throw this.#refused();
    }
    try {
      const how = { method: 'passkey', secondFactor: 'passkey' } as const;
      return await sessions.logIn(visitor, { userId, orgId, generation, ...how });
    } catch (error) {
      // @NOTE they, or all their organizations, are not active any more.
      if (error instanceof ApiError && error.code === 'auth.invalid_credentials') {
        throw this.#refused();
      }
      throw error;
    }
  }

  #refused(): ApiError {
    this.#options.metrics.authenticationFailed('wrong_credentials');
    return new ApiError('auth.passkey_invalid');
  }

  #recordFailure(
    { address, requestId }: Visitor,
    { userId, orgId }: { readonly userId: string; readonly orgId: string },
  ): Promise<void> {
    return recordAccess(
      this.#options.db,
      orgId,
      {
        actor: { userId, address, requestId },
        action: 'user.login_failed',
        resourceType: 'user',
        resourceId: userId,
      },
      [
        { kind: 'audit-login-failed', subject: userId, most: 20, perSeconds: 3_600 },
        { kind: 'audit-logins-failed', subject: orgId, most: 200, perSeconds: 3_600 },
      ],
    );
  }
}
