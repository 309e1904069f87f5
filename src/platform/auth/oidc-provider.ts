import type { Configuration } from 'openid-client';
import { ApiError } from '../errors/api-error.ts';
import {
  type Claims,
  type EmailTrust,
  type GroupsSaid,
  groupsIn,
  isMarked,
  tenantOfIssuer,
  verifiedEmailIn,
} from './oidc-claims.ts';
import { isProvidersFault, OidcRefusal, reasonOf } from './oidc-errors.ts';

export interface OidcProviderOptions {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As it is registered with the provider. */
  readonly redirectUri: string;
  readonly scopes: string;
  readonly emailTrust: EmailTrust;
  /** What `tid` must be; else what an issuer of Entra ID names. */
  readonly tenant: string | undefined;
  /** Whether a login there counts as a second factor here. */
  readonly isSecondFactor: boolean;
  /** The claim that lists the groups of a person. */
  readonly groupsClaim: string;
  /** Where it sends browsers after a logout there, as it is registered with it. */
  readonly postLogoutRedirectUri: string | undefined;
}

export interface OidcOptions extends OidcProviderOptions {
  /** Told why the provider cannot be used, in words that hold no token, code, state or claim. */
  readonly onOutage: (reason: string) => void;
}

/** What only who began a login knows: 256 random bits each. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the provider hands to the redirect URI, as far as it is looked at. */
export interface ProviderAnswer {
  readonly code?: string;
  readonly state?: string;
  readonly iss?: string;
  readonly error?: string;
}

/** Someone whom the provider vouches for. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** The e-mail address, where the provider says that it is verified. May ask the provider once more. */
  verifiedEmail(): Promise<string | undefined>;
  /** Undefined where nothing is known of them, also because the provider does not answer. May ask it once more. */
  groups(): Promise<GroupsSaid | undefined>;
}

type OpenIdClient = typeof import('openid-client');
interface Ready {
  readonly client: OpenIdClient;
  readonly configuration: Configuration;
}

/** How long each question to the provider may take. */
const timeoutSeconds = 5;
/** How far the provider's clock may be from ours. */
const clockToleranceSeconds = 10;
const retryAfterSeconds = 5;

/**
 * An OpenID Connect provider (OpenID Connect Core 1.0; RFC 9700): authorization code with PKCE, state and nonce, ID tokens whose
 * signature is checked. It is looked up when the first login needs it, and kept; while it is away, the next login tries again.
 * Everything rejects with 503 `oidc.unavailable` where the provider does not do its part.
 */
export class OidcProvider {
  readonly #options: OidcOptions;
  #ready: Promise<Ready> | undefined;

  constructor(options: OidcOptions) {
    this.#options = options;
  }

  /** The page of the provider on which a login goes on. */
  async authorizationUrl({ state, nonce, codeVerifier }: LoginSecrets): Promise<string> {
    const { client, configuration } = await this.#lookUp();
    const url = client.buildAuthorizationUrl(configuration, {
      response_type: 'code',
      redirect_uri: this.#options.redirectUri,
      scope: this.#options.scopes,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /**
   * The page of the provider that ends its own session (OpenID Connect RP-Initiated Logout 1.0, 2). Throws 501 `oidc.logout_unsupported` where it has none. @NOTE no
   * `id_token_hint`: ID tokens tell who somebody is, and are not kept. The provider asks the person instead.
   */
  async logoutUrl(): Promise<string> {
    const { client, configuration } = await this.#lookUp();
    if (configuration.serverMetadata().end_session_endpoint === undefined) {
      throw new ApiError('oidc.logout_unsupported');
    }
    const { postLogoutRedirectUri: back } = this.#options;
    return client.buildEndSessionUrl(
      configuration,
      back === undefined ? {} : { post_logout_redirect_uri: back },
    ).href;
  }

  /** Who logged in. Throws OidcRefusal where the answer proves nothing. */
  async redeem(answer: ProviderAnswer, secrets: LoginSecrets): Promise<ProvenIdentity> {
    const { client, configuration } = await this.#lookUp();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, this.#callbackUrl(answer), {
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        pkceCodeVerifier: secrets.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) {
        throw new OidcRefusal('no_id_token');
      }
      this.#requireTenant(claims);
      const { iss: issuer, sub: subject } = claims;
      let asked: Promise<Claims> | undefined;
      const userInfo = (): Promise<Claims> => {
        asked ??= this.#userInfo({ client, configuration }, tokens.access_token, subject);
        return asked;
      };
      return {
        issuer,
        subject,
        verifiedEmail: () => this.#verifiedEmail(claims, userInfo),
        groups: () => this.#groups(claims, userInfo),
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** @NOTE Entra ID: the directory that issued the token, which a claim about an address or groups is of. */
  #requireTenant(claims: Claims): void {
    const { tenant = tenantOfIssuer(this.#options.issuer) } = this.#options;
    if (tenant !== undefined && claims['tid'] !== tenant) {
      throw new OidcRefusal('tenant_foreign');
    }
  }

  async #verifiedEmail(claims: Claims, userInfo: () => Promise<Claims>): Promise<string | undefined> {
    const { emailTrust: trust } = this.#options;
    const isVerdictThere = !['email_verified', 'hosted_domain'].includes(trust) || 'email_verified' in claims;
    const isSilent = claims['email'] === undefined || !isVerdictThere;
    return verifiedEmailIn([claims, ...(isSilent ? [await userInfo()] : [])], trust);
  }

  async #groups(claims: Claims, userInfo: () => Promise<Claims>): Promise<GroupsSaid | undefined> {
    const { groupsClaim: name } = this.#options;
    if (claims[name] !== undefined || isMarked(claims, name)) {
      return groupsIn(claims, name);
    }
    // @NOTE who does not answer says nothing of groups; a login does not fail for that.
    return groupsIn(await userInfo().catch((): Claims => ({})), name);
  }

  /**
   * @NOTE many providers tell the address, or whether it is verified, here only, where an access token is issued, too
   * (OpenID Connect Core, 5.4).
   */
  async #userInfo({ client, configuration }: Ready, accessToken: string, subject: string): Promise<Claims> {
    try {
      return await client.fetchUserInfo(configuration, accessToken, subject);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** @NOTE ours, whatever host and path the request came by: the provider compares it with the one that the login began with. */
  #callbackUrl(answer: ProviderAnswer): URL {
    const url = new URL(this.#options.redirectUri);
    for (const name of ['code', 'state', 'iss', 'error'] as const) {
      const value = answer[name];
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    return url;
  }

  #failure(error: unknown): Error {
    if (error instanceof OidcRefusal) {
      return error;
    }
    const reason = reasonOf(error);
    return isProvidersFault(error) ? this.#outage(reason) : new OidcRefusal(reason);
  }

  #outage(reason: string): ApiError {
    this.#options.onOutage(reason);
    return new ApiError('oidc.unavailable', { retryAfterSeconds });
  }

  async #lookUp(): Promise<Ready> {
    this.#ready ??= this.#discover();
    try {
      return await this.#ready;
    } catch (error) {
      this.#ready = undefined;
      throw this.#outage(reasonOf(error));
    }
  }

  async #discover(): Promise<Ready> {
    const { issuer, clientId, clientSecret } = this.#options;
    // @NOTE loaded here: a service without single sign-on does not pay for it.
    const client = await import('openid-client');
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      { [client.clockTolerance]: clockToleranceSeconds },
      client.ClientSecretBasic(clientSecret),
      {
        timeout: timeoutSeconds,
        execute: [
          client.enableNonRepudiationChecks,
          ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
        ],
      },
    );
    return { client, configuration };
  }
}
