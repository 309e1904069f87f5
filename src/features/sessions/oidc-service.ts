import { OidcRefusal } from '../../platform/auth/oidc-errors.ts';
import { OidcProvider, type ProvenIdentity, type ProviderAnswer } from '../../platform/auth/oidc-provider.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';
import { prefersHtml } from '../../platform/http/prefers-html.ts';
import { Redirection } from '../../platform/http/redirection.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import type { AuthenticationFailureReason, Metrics } from '../../platform/observability/metrics.ts';
import { IdentityLinks } from './identity-links.ts';
import { holdsLoginCookie, randomText, setLoginCookie, sha256 } from './login-cookie.ts';
import { type PendingLogin, pendingLoginStore } from './pending-login-store.ts';
import type { OidcLogin, TokenPair } from './session-schemas.ts';
import type { SessionService } from './session-service.ts';

export interface OidcProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface OidcServiceOptions extends OidcProviderOptions {
  readonly db: Database;
  readonly sessions: SessionService;
  readonly limits: SharedLimits;
  /** How many logins an address may begin. */
  readonly attemptsPerMinute: number;
  readonly metrics: Pick<Metrics, 'authenticationFailed'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How long a login may take; the database holds to it, too. */
const pendingSeconds = 600;

/** Logins through an OpenID Connect provider. See docs/adr/0022-single-sign-on.md. */
export class OidcService {
  readonly #options: OidcServiceOptions;
  readonly #provider: OidcProvider;
  readonly #links: IdentityLinks;

  constructor(options: OidcServiceOptions) {
    this.#options = options;
    const onOutage = (reason: string): void =>
      options.logger.warn(
        { logger: 'brownie.oidc', reason },
        `single sign-on: the provider failed (${reason})`,
      );
    this.#provider = new OidcProvider({ ...options, onOutage });
    this.#links = new IdentityLinks(options);
  }

  /**
   * Begins a login. To a browser: the way to the provider, and a cookie without which nobody can finish this login. Else the address
   * to open, and the state for the client to compare.
   */
  async begin(visitor: Visitor): Promise<OidcLogin | Redirection> {
    const { db, limits, attemptsPerMinute: most } = this.#options;
    const subject = clientNetwork(visitor.address);
    await limits.take([{ kind: 'single-sign-on', subject, most, perSeconds: 60 }]);
    const [state, nonce, codeVerifier, browser] = [randomText(), randomText(), randomText(), randomText()];
    const url = await this.#provider.authorizationUrl({ state, nonce, codeVerifier });
    const isBrowser = prefersHtml(visitor.accept);
    const stateHash = sha256(state);
    const browserHash = isBrowser ? sha256(browser) : null;
    await pendingLoginStore(db.within({})).insert({ stateHash, nonce, codeVerifier, browserHash });
    return isBrowser
      ? new Redirection(url, [setLoginCookie(browser, pendingSeconds, this.#cookie(stateHash))])
      : { authorization_url: url, state };
  }

  /** A token for whom the provider vouches; whatever is wrong, 401 `oidc.login_failed` in the same words. */
  async finish(visitor: Visitor, answer: ProviderAnswer): Promise<TokenPair> {
    try {
      const identity = await this.#redeem(visitor, answer);
      const user = await this.#links.userOf(visitor, identity);
      const { user_id: userId, org_id: orgId } = user;
      return await this.#options.sessions.logIn(visitor, { userId, orgId, method: 'single_sign_on' });
    } catch (error) {
      if (error instanceof OidcRefusal) {
        throw this.#refused(visitor, error.reason, reasons[error.reason] ?? 'sso_rejected');
      }
      // @NOTE they, or all their organizations, are not active any more.
      if (error instanceof ApiError && error.code === 'auth.invalid_credentials') {
        throw this.#refused(visitor, 'user_inactive', 'inactive_user');
      }
      throw error;
    }
  }

  async #redeem(visitor: Visitor, answer: ProviderAnswer): Promise<ProvenIdentity> {
    const { state = '' } = answer;
    const pending = await this.#take(visitor, state);
    const { nonce, code_verifier: codeVerifier } = pending;
    const identity = await this.#provider.redeem(answer, { state, nonce, codeVerifier });
    // @NOTE OpenID Connect Core, 2: at most 255 ASCII characters.
    if (!/^[\x20-\x7e]{1,255}$/.test(identity.subject)) {
      throw new OidcRefusal('subject_invalid');
    }
    return identity;
  }

  /** @NOTE taken before it is looked at: a state that was shown to somebody else is of no use to anybody any more. */
  async #take(visitor: Visitor, state: string): Promise<PendingLogin> {
    const stateHash = sha256(state);
    const pending = await pendingLoginStore(this.#options.db.within({})).take(stateHash);
    if (pending === undefined) {
      throw new OidcRefusal('state_unknown');
    }
    if (!pending.is_live) {
      throw new OidcRefusal('state_expired');
    }
    const { browser_hash: hash } = pending;
    if (hash !== null && !holdsLoginCookie(visitor.cookies, hash, this.#cookie(stateHash))) {
      throw new OidcRefusal('other_browser');
    }
    return pending;
  }

  #cookie(stateHash: string) {
    return { stateHash, isSecure: this.#options.redirectUri.startsWith('https:') };
  }

  #refused({ requestId }: Visitor, reason: string, metric: AuthenticationFailureReason): ApiError {
    this.#options.metrics.authenticationFailed(metric);
    this.#options.logger.warn(
      { logger: 'brownie.oidc', request_id: requestId, reason },
      `single sign-on was refused: ${reason}`,
    );
    return new ApiError('oidc.login_failed');
  }
}

/** What counts as another failure than an answer of the provider that proves nothing. */
const reasons: Readonly<Record<string, AuthenticationFailureReason>> = {
  user_inactive: 'inactive_user',
  email_unverified: 'sso_unknown_user',
  user_unknown: 'sso_unknown_user',
  user_not_admitted: 'sso_unknown_user',
  user_has_another_identity: 'sso_unknown_user',
};
