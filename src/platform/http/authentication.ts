import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { AccountCache, KnownCaller } from '../auth/accounts/index.ts';
import { looksLikeApiKey } from '../auth/api-key-secret.ts';
import { PendingPrincipal } from '../auth/pending-principal.ts';
import { isForLackOfFactor, type Permission } from '../auth/permissions.ts';
import {
  KeyPrincipalRow,
  type KeySubject,
  keyPrincipalOf,
  keyPrincipalStatement,
  PrincipalRow,
  principalOf,
  principalStatement,
} from '../auth/principal-store.ts';
import { requireScope } from '../auth/scopes.ts';
import type { Tokens, VerifiedSubject } from '../auth/tokens.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AuthenticationFailureReason } from '../observability/metrics.ts';
import { ApiKeyHolders } from './api-key-holders.ts';
import { clientAddress } from './client-address.ts';
import { positionHeader } from './request-context.ts';

export interface AuthenticationOptions {
  readonly tokens: Tokens;
  readonly db: Database;
  readonly onFailure: (reason: AuthenticationFailureReason) => void;
  /** Remembers who calls, for reads; where there is none, the database is asked each time. */
  readonly accounts?: Pick<AccountCache, 'find'> | undefined;
}

/**
 * Finds out whom the bearer token (RFC 6750) names, or for whom the API key acts that stands in its place. Who that is now, with the roles that the
 * database knows them by at this moment, is asked later or by `known()`. Throws 401 in the same words whatever is wrong; answers a promise only
 * where a key has to be looked for.
 */
export function createAuthentication({ tokens, db, onFailure, accounts }: AuthenticationOptions) {
  const holders = new ApiKeyHolders(db);
  const refuse = (reason: AuthenticationFailureReason): never => {
    onFailure(reason);
    throw new ApiError('auth.unauthenticated', { why: reason });
  };
  const onRefused = (): void => onFailure('inactive_user');
  const ask = async (pending: PendingPrincipal): Promise<void> => {
    const { userId, row, statement } = pending;
    pending.settle(await db.lookUp({ userId }).many(row, statement));
  };
  const pendingOf = (
    subject: VerifiedSubject,
    permission: Permission,
    known?: KnownCaller,
  ): PendingPrincipal =>
    new PendingPrincipal({
      subject,
      statement: principalStatement(subject),
      row: PrincipalRow,
      read: (row) => readPerson(row, subject, permission),
      ask,
      known,
      onRefused,
    });
  const byToken = (
    subject: VerifiedSubject | undefined,
    permission: Permission,
    isRead: boolean,
  ): PendingPrincipal | Promise<PendingPrincipal> => {
    if (subject === undefined) {
      return refuse('invalid_token');
    }
    const known = isRead ? accounts?.find(subject) : undefined;
    return known instanceof Promise
      ? known.then((caller) => pendingOf(subject, permission, caller))
      : pendingOf(subject, permission, known);
  };
  const byKey = (subject: KeySubject | undefined, permission: Permission): PendingPrincipal =>
    subject === undefined
      ? refuse('invalid_token')
      : new PendingPrincipal({
          subject,
          statement: keyPrincipalStatement(subject),
          row: KeyPrincipalRow,
          read: (row) => readKey(row as Static<typeof KeyPrincipalRow> | undefined, subject, permission),
          ask,
          onRefused,
        });
  const readPerson = (row: unknown, subject: VerifiedSubject, permission: Permission) => {
    const principal = principalOf(row, subject);
    if (principal?.lacksFactor && !isForLackOfFactor(permission)) {
      throw new ApiError('auth.mfa_enrolment_required');
    }
    return principal;
  };
  const readKey = (
    row: Static<typeof KeyPrincipalRow> | undefined,
    subject: KeySubject,
    permission: Permission,
  ) => {
    const principal = row && keyPrincipalOf(row, subject);
    if (principal !== undefined) {
      if (row?.is_use_due) {
        holders.noteUse(subject);
      }
      requireScope(principal.apiKey?.scopes ?? [], permission);
    }
    return principal;
  };
  return (request: FastifyRequest): PendingPrincipal | Promise<PendingPrincipal> => {
    const header = request.headers.authorization;
    if (header === undefined) {
      return refuse('missing_token');
    }
    const permission = request.routeOptions.config.permission as Permission;
    const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    // @NOTE awaiting what is there already would cost every request a turn.
    if (token !== undefined && looksLikeApiKey(token)) {
      const found = holders.find(token, clientAddress(request));
      return found instanceof Promise
        ? found.then((subject) => byKey(subject, permission))
        : byKey(found, permission);
    }
    const found = token === undefined ? undefined : tokens.verify(token);
    // @NOTE what changes something asks the database, and so does who wants to see what they changed at another instance.
    const isRead = request.method === 'GET' && request.headers[positionHeader] === undefined;
    return found instanceof Promise
      ? found.then((subject) => byToken(subject, permission, isRead))
      : byToken(found, permission, isRead);
  };
}
