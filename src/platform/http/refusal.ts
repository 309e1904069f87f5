import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PendingPrincipal } from '../auth/pending-principal.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { clientAddress } from './client-address.ts';
import type { Route } from './route.ts';

/** What somebody wanted to do and may not: 403. */
export interface Refusal {
  readonly pending: PendingPrincipal;
  readonly requestId: string;
  readonly address: string;
  readonly operation: string;
  readonly code: ErrorCode;
  /** The ids in the path. */
  readonly ids: Readonly<Record<string, unknown>>;
}

/** Tells of a request that was refused to somebody who is known; of any other it tells nothing. */
export function tellRefusal(
  { operationId: operation }: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  onRefused: ((refusal: Refusal) => void) | undefined,
): void {
  const { pending, errorCode: code, id: requestId } = request;
  if (reply.statusCode === 403 && pending !== null && code !== null) {
    const ids = (request.params ?? {}) as Record<string, unknown>;
    onRefused?.({ pending, requestId, address: clientAddress(request), operation, code, ids });
  }
}
