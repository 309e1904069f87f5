import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import type { Tokens } from '../../platform/auth/tokens.ts';
import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import { userStore } from '../users/index.ts';
import { authenticationMethods } from './authentication-methods.ts';
import { refreshStore } from './refresh-store.ts';
import {
  newNonce,
  newRefreshToken,
  type RefreshToken,
  readRefreshToken,
  refreshTokenText,
  successorOf,
} from './refresh-token.ts';
import type { Refresh, TokenPair } from './session-schemas.ts';
import type { SessionLifetimes } from './session-store.ts';

export interface RefreshServiceOptions {
  readonly db: Database;
  readonly limits: SharedLimits;
  readonly tokens: Tokens;
  readonly lifetimes: SessionLifetimes;
  readonly metrics: Pick<Metrics, 'tokenIssued' | 'authenticationFailed'>;
}

/** What came of a refresh; undefined: the token is good for nothing. */
type Outcome =
  | { readonly pair: TokenPair }
  | { readonly reused: { readonly userId: string; readonly orgId: string; readonly sessionId: string } }
  | undefined;

/** Goes on with sessions whose access token has expired, or will. See docs/adr/0033-sessions.md. */
export class RefreshService {
  readonly #options: RefreshServiceOptions;

  constructor(options: RefreshServiceOptions) {
    this.#options = options;
  }

  /**
   * The next tokens of a session. Throws 401 `auth.refresh_invalid` in the same words whatever is wrong; 401 `auth.refresh_reused` for a token that
   * was replaced before, by whom nobody can tell: then the session is over.
   */
  async refresh(visitor: Visitor, { refresh_token: text }: Refresh): Promise<TokenPair> {
    const { db, limits, metrics } = this.#options;
    const failure = {
      kind: 'refresh',
      subject: clientNetwork(visitor.address),
      most: 600,
      perSeconds: 60,
    };
    await limits.take([failure]);
    const token = readRefreshToken(text) ?? newRefreshToken();
    const outcome = await db.transaction({}, (tx) => this.#refresh(tx, token));
    if (outcome === undefined) {
      metrics.authenticationFailed('invalid_token');
      throw new ApiError('auth.refresh_invalid');
    }
    if ('reused' in outcome) {
      metrics.authenticationFailed('invalid_token');
      await this.#recordReuse(visitor, outcome.reused);
      throw new ApiError('auth.refresh_reused');
    }
    metrics.tokenIssued();
    await limits.giveBack([failure]);
    return outcome.pair;
  }

  async #refresh(tx: Transaction, token: RefreshToken): Promise<Outcome> {
    const refreshes = refreshStore(tx);
    const session = await refreshes.lock(token);
    const user = session && (await userStore(tx).find(session.org_id, session.user_id));
    if (session === undefined || user === undefined) {
      return undefined;
    }
    const { id: sessionId, org_id: orgId, user_id: userId, is_token: is, nonce: lastNonce } = session;
    if (is === 'replaced') {
      await refreshes.end(session);
      return { reused: { userId, orgId, sessionId } };
    }
    const isRepeated = is === 'just_replaced' && lastNonce !== null;
    const nonce = isRepeated ? Buffer.from(lastNonce, 'hex') : newNonce();
    const successor = successorOf(token, nonce);
    const secondsLeft = isRepeated
      ? session.seconds_left
      : await refreshes.replace(session, successor, nonce, this.#options.lifetimes);
    if (secondsLeft <= 0) {
      return undefined;
    }
    const amr = authenticationMethods(session.method, session.second_factor);
    const subject = { userId, orgId, sessionId, email: user.email, roles: [user.role], amr };
    return { pair: tokenPair(this.#options.tokens, subject, successor, secondsLeft) };
  }

  #recordReuse(
    { address, requestId }: Visitor,
    { userId, orgId, sessionId }: { userId: string; orgId: string; sessionId: string },
  ): Promise<void> {
    return recordAccess(
      this.#options.db,
      orgId,
      {
        actor: { userId, address, requestId },
        action: 'session.reused',
        resourceType: 'session',
        resourceId: sessionId,
      },
      [],
    );
  }
}

/** The tokens of a session: an access token, which is good no longer than the session, and what it is gone on with. */
export function tokenPair(
  tokens: Tokens,
  subject: Parameters<Tokens['issue']>[0],
  refreshToken: RefreshToken,
  secondsLeft: number,
): TokenPair {
  const issued = tokens.issue(subject);
  return {
    ...issued,
    expires_in: Math.min(issued.expires_in, secondsLeft),
    refresh_token: refreshTokenText(refreshToken),
    refresh_expires_in: secondsLeft,
  };
}
