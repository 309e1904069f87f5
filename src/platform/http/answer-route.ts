import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../auth/caller.ts';
import { idempotentRequest } from '../changes/idempotency.ts';
import { invalid } from '../errors/api-error.ts';
import { clientAddress } from './client-address.ts';
import type { Guards } from './guards.ts';
import { isKnown } from './known-tags.ts';
import { LineStream, sendLines } from './line-stream.ts';
import { Redirection, redirect } from './redirection.ts';
import { positionHeader } from './request-context.ts';
import { mayChangeAccess, prefixOf, type Route, type Visitor } from './route.ts';

/** Answers a look-up: who calls is found out with what they ask for. */
export async function answerRead(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  guards: Guards,
): Promise<unknown> {
  try {
    if (request.validationError !== undefined) {
      await request.pending?.known();
      throw request.validationError;
    }
    return await answer(route, request, reply, guards);
  } finally {
    request.pending?.close();
  }
}

/** Answers whatever is no look-up: who calls, where anybody has to, is known. */
export async function answerChange(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  guards: Guards,
): Promise<unknown> {
  const result = await answer(route, request, reply, guards);
  if (mayChangeAccess(route)) {
    guards.accessChanged?.();
  }
  return result;
}

async function answer(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { fingerprints, position }: Guards,
): Promise<unknown> {
  const params = lowerCased(request.params as Record<string, unknown>);
  const caller = callerOf(route, request, params, fingerprints);
  const result = await route.handle({
    caller: caller as never,
    params: params as never,
    query: (request.query ?? {}) as never,
    body: request.body as never,
    ifMatch: route.ifMatch ? versionOf(request.headers['if-match']) : undefined,
  });
  if (result instanceof Redirection) {
    return redirect(route, result, reply);
  }
  if (caller instanceof Caller) {
    if (!caller.isAuthorized) {
      throw new Error(`${route.operationId} answered before its permission was checked`);
    }
    if (caller.replayed) {
      request.log.debug(
        { logger: 'brownie.decisions' },
        'the reply that is kept for its Idempotency-Key is given again',
      );
      reply.header('idempotency-replayed', 'true');
    }
  }
  const version = route.etag?.(result as never);
  if (version !== undefined) {
    reply.header('etag', `"${version}"`);
  }
  if (route.contentTag !== undefined) {
    const tag = `"${route.contentTag(result as never)}"`;
    reply.header('etag', tag);
    if (route.method === 'GET' && isKnown(request.headers['if-none-match'], [tag])) {
      return reply.code(304).send();
    }
  }
  if (route.location !== undefined) {
    reply.header('location', `${prefixOf(route)}${route.location(result as never)}`);
  }
  if (position !== undefined && route.method !== 'GET') {
    const reached = await position();
    if (reached !== undefined) {
      reply.header(positionHeader, reached);
    }
  }
  reply.code(route.status);
  if (route.dialect !== undefined && route.status !== 204) {
    reply.type(route.dialect.mediaType);
  }
  return result instanceof LineStream ? sendLines(route, result, reply) : result;
}

function callerOf(
  route: Route,
  request: FastifyRequest,
  params: Record<string, unknown>,
  fingerprints: Guards['fingerprints'],
): Caller | Visitor {
  const header = route.idempotent ? request.headers['idempotency-key'] : undefined;
  const idempotencyKey = Array.isArray(header) ? header.join(',') : header;
  const { accept, cookie: cookies } = request.headers;
  const visitor = { requestId: request.id, address: clientAddress(request), idempotencyKey, accept, cookies };
  const { permission } = route;
  if (permission === 'public' || permission === 'operator' || request.pending === null) {
    return visitor;
  }
  const idempotency =
    idempotencyKey === undefined
      ? undefined
      : idempotentRequest(idempotencyKey, scopeOf(route, params), payloadOf(request), fingerprints);
  return new Caller({ ...visitor, pending: request.pending, permission, idempotency });
}

/**
 * What an Idempotency-Key is one of: the route with its parameters, whatever the spelling of the address (case of ids, escapes,
 * query). @NOTE its length is bounded by that of ids, so that it fits into an index.
 */
const scopeOf = (route: Route, params: Record<string, unknown>): string =>
  `${route.method} ${prefixOf(route)}${route.url.replaceAll(/:(\w+)/g, (_, name: string) => String(params[name]))}`;

/** What a repeated request must have in common with the first: the body, and the query where the route takes one. */
const payloadOf = ({ query, body }: FastifyRequest): unknown =>
  Object.keys(query ?? {}).length === 0 ? body : { query, body };

/** Ids in paths compare as text from here on, so they take the database's spelling. */
const lowerCased = (params: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.toLowerCase() : value,
    ]),
  );

/** The version in If-Match: `"3"`, `3`, `W/"3"`; undefined for `*` and where there is none. */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') {
    return undefined;
  }
  const [, digits] = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim()) ?? [];
  if (digits === undefined) {
    throw invalid('/headers/if-match', 'must be the version of the resource, as its ETag gives it');
  }
  return Number(digits);
}
