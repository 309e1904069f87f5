import { OidcRefusal } from '../../platform/auth/oidc-errors.ts';
import {
  OidcProvider,
  type OidcProviderOptions,
  type ProvenIdentity,
  type ProviderAnswer,
} from '../../platform/auth/oidc-provider.ts';
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
import type { OidcLogin, ProviderList, ProviderLogout, TokenPair } from './session-schemas.ts';
import type { SessionService } from './session-service.ts';

export interface OidcServiceOptions {
  /** One at least; the first is the one of v1's paths. */
  readonly providers: readonly OidcProviderOptions[];
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

interface Provider {
  readonly options: OidcProviderOptions;
  readonly client: OidcProvider;
}

/** Logins through OpenID Connect providers. See docs/adr/0022-single-sign-on.md. */
export class OidcService {
  readonly #options: OidcServiceOptions;
  readonly #providers: readonly Provider[];
  readonly #links: IdentityLinks;

  constructor(options: OidcServiceOptions) {
    this.#options = options;
    this.#providers = options.providers.map((provider) => {
      const { name } = provider;
      const onOutage = (reason: string): void =>
        options.logger.warn(
          { logger: 'brownie.oidc', provider: name, reason },
          `single sign-on: the provider failed (${reason})`,
        );
      return { options: provider, client: new OidcProvider({ ...provider, onOutage }) };
    });
    this.#links = new IdentityLinks(options);
  }

  /** The names of the providers, in the order of the configuration. */
  list(): ProviderList {
    return { items: this.#providers.map(({ options: { name } }) => ({ name })) };
  }

  /**
   * Begins a login with a provider, the first where none is named. To a browser: the way to the provider, and a cookie without which nobody can finish this login. Else
   * the address to open, and the state for the client to compare. Throws 404 `oidc.provider_not_found`.
   */
  async begin(visitor: Visitor, name?: string): Promise<OidcLogin | Redirection> {
    const { db } = this.#options;
    const provider = this.#provider(name);
    await this.#admit(visitor);
    const [state, nonce, codeVerifier, browser] = [randomText(), randomText(), randomText(), randomText()];
    const url = await provider.client.authorizationUrl({ state, nonce, codeVerifier });
    const isBrowser = prefersHtml(visitor.accept);
    const stateHash = sha256(state);
    const browserHash = isBrowser ? sha256(browser) : null;
    await pendingLoginStore(db.within({})).insert({
      provider: provider.options.name,
      stateHash,
      nonce,
      codeVerifier,
      browserHash,
    });
    return isBrowser
      ? new Redirection(url, [setLoginCookie(browser, pendingSeconds, cookieOf(provider, stateHash))])
      : { authorization_url: url, state };
  }

  /** Where the session with a provider ends; to a browser, the way there. Throws 404 `oidc.provider_not_found`, 501 `oidc.logout_unsupported`. */
  async logOut(visitor: Visitor, name: string): Promise<ProviderLogout | Redirection> {
    const provider = this.#provider(name);
    await this.#admit(visitor);
    const url = await provider.client.logoutUrl();
    return prefersHtml(visitor.accept) ? new Redirection(url) : { logout_url: url };
  }

  /** A token for whom the provider vouches; whatever is wrong, 401 `oidc.login_failed` in the same words. */
  async finish(visitor: Visitor, answer: ProviderAnswer, name?: string): Promise<TokenPair> {
    const provider = this.#provider(name);
    try {
      const identity = await this.#redeem(visitor, provider, answer);
      const user = await this.#links.userOf(visitor, identity, provider.options.name);
      const { user_id: userId, org_id: orgId } = user;
      return await this.#options.sessions.logIn(visitor, {
        userId,
        orgId,
        method: 'single_sign_on',
        secondFactor: provider.options.isSecondFactor ? 'single_sign_on' : undefined,
      });
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

  async #admit({ address }: Visitor): Promise<void> {
    const { limits, attemptsPerMinute: most } = this.#options;
    await limits.take([{ kind: 'single-sign-on', subject: clientNetwork(address), most, perSeconds: 60 }]);
  }

  #provider(name?: string): Provider {
    const provider = this.#providers.find(({ options }) => name === undefined || options.name === name);
    if (provider === undefined) {
      throw new ApiError('oidc.provider_not_found');
    }
    return provider;
  }

  async #redeem(visitor: Visitor, provider: Provider, answer: ProviderAnswer): Promise<ProvenIdentity> {
    const { state = '' } = answer;
    const pending = await this.#take(visitor, provider, state);
    const { nonce, code_verifier: codeVerifier } = pending;
    const identity = await provider.client.redeem(answer, { state, nonce, codeVerifier });
    // @NOTE OpenID Connect Core, 2: at most 255 ASCII characters.
    if (!/^[\x20-\x7e]{1,255}$/.test(identity.subject)) {
      throw new OidcRefusal('subject_invalid');
    }
    return identity;
  }

  /** @NOTE taken before it is looked at: a state that was shown to somebody else is of no use to anybody any more. */
  async #take(visitor: Visitor, provider: Provider, state: string): Promise<PendingLogin> {
    const stateHash = sha256(state);
    const pending = await pendingLoginStore(this.#options.db.within({})).take(stateHash);
    if (pending === undefined) {
      throw new OidcRefusal('state_unknown');
    }
    if (!pending.is_live) {
      throw new OidcRefusal('state_expired');
    }
    // @NOTE each provider sends browsers back to a place of its own: an answer of one is none of another (RFC 9700, 4.4.2).
    if ((pending.provider ?? this.#provider().options.name) !== provider.options.name) {
      throw new OidcRefusal('other_provider');
    }
    const { browser_hash: hash } = pending;
    if (hash !== null && !holdsLoginCookie(visitor.cookies, hash, cookieOf(provider, stateHash))) {
      throw new OidcRefusal('other_browser');
    }
    return pending;
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

const cookieOf = ({ options: { redirectUri } }: Provider, stateHash: string) => ({
  stateHash,
  isSecure: redirectUri.startsWith('https:'),
});

/** What counts as another failure than an answer of the provider that proves nothing. */
const reasons: Readonly<Record<string, AuthenticationFailureReason>> = {
  user_inactive: 'inactive_user',
  email_unverified: 'sso_unknown_user',
  user_unknown: 'sso_unknown_user',
  user_taken_out: 'sso_unknown_user',
  organization_full: 'sso_unknown_user',
  organization_inactive: 'sso_unknown_user',
  user_not_admitted: 'sso_unknown_user',
  user_has_another_identity: 'sso_unknown_user',
};
