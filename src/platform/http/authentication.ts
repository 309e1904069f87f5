import type { FastifyRequest } from 'fastify';
import { PendingPrincipal } from '../auth/pending-principal.ts';
import { principalOf } from '../auth/principal-store.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AuthenticationFailureReason } from '../observability/metrics.ts';

export interface AuthenticationOptions {
  readonly tokens: Tokens;
  readonly db: Database;
  readonly onFailure: (reason: AuthenticationFailureReason) => void;
}

/**
 * Finds out whom the bearer token names (RFC 6750). Who that is now, with the roles that the database knows them by at this moment,
 * is asked later or by `known()`. Throws 401 in the same words whatever is wrong; answers a promise only where a key has to be looked for.
 */
export function createAuthentication({ tokens, db, onFailure }: AuthenticationOptions) {
  const refuse = (reason: AuthenticationFailureReason): never => {
    onFailure(reason);
    throw new ApiError('auth.unauthenticated', { why: reason });
  };
  const onRefused = (): void => onFailure('inactive_user');
  const ask = async (pending: PendingPrincipal): Promise<void> => {
    const { userId, row, statement } = pending;
    pending.settle(await db.lookUp({ userId }).many(row, statement));
  };
  return (request: FastifyRequest): PendingPrincipal | Promise<PendingPrincipal> => {
    const header = request.headers.authorization;
    if (header === undefined) {
      return refuse('missing_token');
    }
    const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    const found = token === undefined ? undefined : tokens.verify(token);
    const pendingOf = (subject: Awaited<typeof found>): PendingPrincipal =>
      subject === undefined
        ? refuse('invalid_token')
        : new PendingPrincipal({ subject, read: (row) => principalOf(row, subject), ask, onRefused });
    // @NOTE awaiting what is there already would cost every request a turn.
    return found instanceof Promise ? found.then(pendingOf) : pendingOf(found);
  };
}
