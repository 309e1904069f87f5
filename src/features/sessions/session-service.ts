import { v7 as uuidv7 } from 'uuid';
import type { Profile } from '../../platform/auth/accounts/index.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { Tokens } from '../../platform/auth/tokens.ts';
import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import type { FactorCheck } from '../second-factor/index.ts';
import { userStore } from '../users/index.ts';
import { authenticationMethods } from './authentication-methods.ts';
import { challengeStore } from './challenge-store.ts';
import { type Credentials, credentialStore } from './credential-store.ts';
import type { LoginAttempts } from './login-attempts.ts';
import { randomText, sha256 } from './login-cookie.ts';
import type { PasswordUpgrade } from './password-upgrade.ts';
import { tokenPair } from './refresh-service.ts';
import { newRefreshToken } from './refresh-token.ts';
import { sessionEndStore } from './session-end-store.ts';
import type { Login, Me, SessionList, TokenPair, UserInfo } from './session-schemas.ts';
import { type NewSession, type SessionLifetimes, sessionStore } from './session-store.ts';

export interface SessionServiceOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly attempts: LoginAttempts;
  readonly upgrade: PasswordUpgrade;
  readonly tokens: Tokens;
  readonly lifetimes: SessionLifetimes;
  readonly factors: Pick<FactorCheck, 'isNeeded'>;
  readonly metrics: Pick<Metrics, 'tokenIssued' | 'authenticationFailed'>;
}

/** A login that was proved, and how. */
export type ProvenLogin = Pick<
  NewSession,
  'userId' | 'orgId' | 'method' | 'proof' | 'secondFactor' | 'generation'
>;

/** Logins, and who is logged in. */
export class SessionService {
  readonly #db: Database;
  readonly #passwords: Passwords;
  readonly #attempts: LoginAttempts;
  readonly #upgrade: PasswordUpgrade;
  readonly #tokens: Tokens;
  readonly #lifetimes: SessionLifetimes;
  readonly #factors: SessionServiceOptions['factors'];
  readonly #metrics: SessionServiceOptions['metrics'];

  constructor(options: SessionServiceOptions) {
    this.#db = options.db;
    this.#passwords = options.passwords;
    this.#attempts = options.attempts;
    this.#upgrade = options.upgrade;
    this.#tokens = options.tokens;
    this.#lifetimes = options.lifetimes;
    this.#factors = options.factors;
    this.#metrics = options.metrics;
  }

  /**
   * One password hash is computed in every case, so that time and words tell nothing: unknown, deactivated, without
   * password, in no organization that is active, or wrong, it is 401 `auth.invalid_credentials` and counts as failed. 429 `auth.throttled` where too many attempts have failed.
   */
  async login(visitor: Visitor, { email, password }: Login): Promise<TokenPair> {
    let credentials: Credentials | undefined;
    let place: string | undefined;
    await this.#attempts.attempt(email, visitor.address, async (isKnown) => {
      credentials = await credentialStore(this.#db).byEmail(email);
      const matches = await this.#passwords.verify(password, credentials?.password_hash, {
        isUrgent: isKnown,
      });
      if (matches && credentials?.is_active === true) {
        place = await sessionStore(this.#db).placeOf(credentials.id, credentials.org_id);
      }
      return place !== undefined;
    });
    if (credentials?.password_hash == null || place === undefined) {
      if (credentials !== undefined) {
        this.#recordFailure(visitor, credentials);
      }
      this.#metrics.authenticationFailed('wrong_credentials');
      throw new ApiError('auth.invalid_credentials');
    }
    const { id: userId, password_hash: hash, session_generation: generation } = credentials;
    const login = { userId, orgId: place, method: 'password', proof: { hash, generation } } as const;
    try {
      return await this.#logIn(visitor, login);
    } finally {
      // @NOTE the password was right, whether or not the login goes on with a second factor.
      this.#upgrade.begin({ userId, password, hash });
    }
  }

  /** `begin`, with an entry in the audit trail: 60 an hour and user at most. */
  async logIn(visitor: Pick<Visitor, 'address' | 'requestId'>, login: ProvenLogin): Promise<TokenPair> {
    return await this.#logIn(visitor, await this.#placed(login));
  }

  async #logIn(visitor: Pick<Visitor, 'address' | 'requestId'>, login: ProvenLogin): Promise<TokenPair> {
    const { userId, orgId, method, secondFactor } = login;
    const { sessionId, token } = await this.#begin(visitor, login);
    await recordAccess(
      this.#db,
      orgId,
      {
        actor: { ...visitor, userId },
        action: 'session.begun',
        resourceType: 'session',
        resourceId: sessionId,
        after: { method, ...(secondFactor === undefined ? {} : { second_factor: secondFactor }) },
      },
      [{ kind: 'audit-session', subject: userId, most: 60, perSeconds: 3_600 }],
    );
    return token;
  }

  /**
   * Begins a session of a user, who must be active, in an organization that is, their home first: its first token. Else 401
   * `auth.invalid_credentials`; 401 `auth.mfa_required`, with what the login goes on with, where their second factor is not proved.
   */
  async begin(visitor: Pick<Visitor, 'address'>, login: ProvenLogin): Promise<TokenPair> {
    return (await this.#begin(visitor, await this.#placed(login))).token;
  }

  async #placed(login: ProvenLogin): Promise<ProvenLogin> {
    const orgId = await sessionStore(this.#db).placeOf(login.userId, login.orgId);
    if (orgId === undefined) {
      throw new ApiError('auth.invalid_credentials');
    }
    return { ...login, orgId };
  }

  async #begin({ address }: Pick<Visitor, 'address'>, login: ProvenLogin) {
    const { userId, orgId } = login;
    const sessions = sessionStore(this.#db);
    const sessionId = uuidv7();
    const refreshToken = newRefreshToken();
    const lifetimeSeconds = Math.min(this.#lifetimes.idleSeconds, this.#lifetimes.absoluteSeconds);
    const isBegun = await sessions.begin({
      ...login,
      id: sessionId,
      address,
      refreshToken,
      lifetimeSeconds,
    });
    const user = isBegun ? await userStore(this.#db.within({ orgId })).find(orgId, userId) : undefined;
    if (user === undefined) {
      throw new ApiError('auth.invalid_credentials');
    }
    // @NOTE after it has begun: whoever adds a factor meanwhile ends it, or has added it by now.
    if (login.secondFactor === undefined && (await this.#factors.isNeeded(userId))) {
      await sessionEndStore(this.#db.within({ userId }), userId).end(sessionId);
      throw await this.#challenge(login);
    }
    this.#metrics.tokenIssued();
    const amr = authenticationMethods(login.method, login.secondFactor ?? 'none');
    const subject = { userId, orgId, sessionId, email: user.email, roles: [user.role], amr };
    return { sessionId, token: tokenPair(this.#tokens, subject, refreshToken, lifetimeSeconds) };
  }

  async #challenge({ userId, orgId, method, proof }: ProvenLogin): Promise<ApiError> {
    const token = randomText();
    const tokenHash = sha256(token);
    await challengeStore(this.#db).insert({ tokenHash, userId, orgId, method, proof });
    return new ApiError('auth.mfa_required', { challenge: { mfa_token: token, mfa_expires_in: 300 } });
  }

  /**
   * Of an account that is there: 20 an hour of it, 200 of an organization at most. @NOTE beside the reply, which must take no longer than for an account
   * that is not there.
   */
  #recordFailure({ address, requestId }: Visitor, { id: userId, org_id: orgId }: Credentials): void {
    recordAccess(
      this.#db,
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
    ).catch(() => undefined);
  }

  /** The sessions of the caller that are not over, the latest first. */
  async list({ pending }: Caller): Promise<SessionList> {
    const sessions = await sessionStore(this.#db).list(pending);
    const { sessionId } = await pending.known();
    return { items: sessions.map((session) => ({ ...session, is_current: session.id === sessionId })) };
  }

  async me(caller: Caller): Promise<Me> {
    const { id, email, username, full_name, role, org_id, team_id, is_active, is_verified } =
      await this.#user(caller);
    return { id, email, username, full_name, role, org_id, team_id, is_active, is_verified };
  }

  async userInfo(caller: Caller): Promise<UserInfo> {
    const { id, email, is_verified, username, full_name, org_id, role } = await this.#user(caller);
    return {
      sub: id,
      email,
      email_verified: is_verified,
      preferred_username: username,
      name: full_name,
      org_id,
      roles: [role],
    };
  }

  async #user(caller: Caller): Promise<Profile> {
    const { orgId, pending } = caller;
    if (pending.profile !== undefined) {
      return pending.profile;
    }
    const user = await userStore(this.#db.lookUp({ orgId }, pending)).find(orgId, caller.userId);
    if (user === undefined) {
      throw new ApiError('auth.unauthenticated');
    }
    return user;
  }
}
