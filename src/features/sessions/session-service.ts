import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { AccessToken, Tokens } from '../../platform/auth/tokens.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import { type UserRecord, userStore } from '../users/index.ts';
import { credentialStore } from './credential-store.ts';
import type { Login, Me, UserInfo } from './session-schemas.ts';

export interface SessionServiceOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly metrics: Pick<Metrics, 'tokenIssued' | 'authenticationFailed'>;
}

/** Logins, and who is logged in. */
export class SessionService {
  readonly #db: Database;
  readonly #passwords: Passwords;
  readonly #tokens: Tokens;
  readonly #metrics: SessionServiceOptions['metrics'];

  constructor(options: SessionServiceOptions) {
    this.#db = options.db;
    this.#passwords = options.passwords;
    this.#tokens = options.tokens;
    this.#metrics = options.metrics;
  }

  /**
   * One password hash is computed in every case, so that time and words tell nothing: unknown, deactivated, without
   * password or wrong, it is 401 `auth.invalid_credentials`.
   */
  async login({ email, password }: Login): Promise<AccessToken> {
    const credentials = await credentialStore(this.#db).byEmail(email);
    const isRight = await this.#passwords.verify(password, credentials?.password_hash);
    if (credentials === undefined || !isRight || !credentials.is_active) {
      this.#metrics.authenticationFailed('wrong_credentials');
      throw new ApiError('auth.invalid_credentials');
    }
    return await this.issue(credentials.id, credentials.org_id);
  }

  /** A token for a user of an organization, who must be active. */
  async issue(userId: string, orgId: string): Promise<AccessToken> {
    const user = await userStore(this.#db.within({ orgId })).find(orgId, userId);
    if (user === undefined) {
      throw new ApiError('auth.invalid_credentials');
    }
    this.#metrics.tokenIssued();
    return this.#tokens.issue({ userId, orgId, email: user.email, roles: [user.role] });
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

  async #user(caller: Caller): Promise<UserRecord> {
    const { orgId } = caller.principal;
    const user = await userStore(this.#db.within({ orgId })).find(orgId, caller.userId);
    if (user === undefined) {
      throw new ApiError('auth.unauthenticated');
    }
    return user;
  }
}
