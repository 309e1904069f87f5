import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { Tokens } from '../auth/tokens.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AuthenticationFailureReason } from '../observability/metrics.ts';

export interface AuthenticationOptions {
  readonly tokens: Tokens;
  /** Who a token's user is at this moment; undefined where deactivated, deleted or unknown. */
  readonly loadPrincipal: (userId: string, orgId: string) => Promise<Principal | undefined>;
  readonly onFailure: (reason: AuthenticationFailureReason) => void;
}

/** Finds out who calls, by the bearer token (RFC 6750), or throws 401 in the same words whatever is wrong. */
export function createAuthentication({ tokens, loadPrincipal, onFailure }: AuthenticationOptions) {
  const refuse = (reason: AuthenticationFailureReason): never => {
    onFailure(reason);
    throw new ApiError('auth.unauthenticated');
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
    return (await loadPrincipal(subject.userId, subject.orgId)) ?? refuse('inactive_user');
  };
}
