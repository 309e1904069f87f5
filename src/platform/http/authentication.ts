import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { PrincipalStore } from '../auth/principal-store.ts';
import type { Tokens } from '../auth/tokens.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AuthenticationFailureReason } from '../observability/metrics.ts';

export interface AuthenticationOptions {
  readonly tokens: Tokens;
  readonly principals: PrincipalStore;
  readonly onFailure: (reason: AuthenticationFailureReason) => void;
}

/**
 * Finds out who calls: whom the bearer token names (RFC 6750), with the roles that the database knows them by at this moment.
 * Throws 401 in the same words whatever is wrong.
 */
export function createAuthentication({ tokens, principals, onFailure }: AuthenticationOptions) {
  const refuse = (reason: AuthenticationFailureReason): never => {
    onFailure(reason);
    throw new ApiError('auth.unauthenticated', { why: reason });
  };
  return async (request: FastifyRequest): Promise<Principal> => {
    const header = request.headers.authorization;
    if (header === undefined) {
      return refuse('missing_token');
    }
    const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    const found = token === undefined ? undefined : tokens.verify(token);
    // @NOTE awaiting what is there already would cost every request a turn.
    const subject = found instanceof Promise ? await found : found;
    if (subject === undefined) {
      return refuse('invalid_token');
    }
    return (await principals.find(subject)) ?? refuse('inactive_user');
  };
}
