import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../auth/caller.ts';
import type { PendingPrincipal } from '../auth/pending-principal.ts';
import { permissions } from '../auth/permissions.ts';
import { idempotentRequest } from '../changes/idempotency.ts';
import { ApiError, invalid } from '../errors/api-error.ts';
import { exactly } from '../schemas/common-schemas.ts';
import { smallBodyBytesMax } from './body-budget.ts';
import { clientAddress } from './client-address.ts';
import type { Dialect } from './dialect.ts';
import { answerErrorIn } from './error-handler.ts';
import type { Guards } from './guards.ts';
import { LineStream, sendLines } from './line-stream.ts';
import { Redirection, redirect } from './redirection.ts';
import { tellRefusal } from './refusal.ts';
import { positionHeader } from './request-context.ts';
import { isChange, type Method, mayChangeAccess, type Route, type Visitor } from './route.ts';
import { parseStrictJson } from './strict-json.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null where nobody has to say so. */
    pending: PendingPrincipal | null;
  }
  interface FastifyContextConfig {
    /** The action that the route performs, or `public`. */
    permission?: string;
  }
}

export const apiPrefix = '/api/v1';

/** Where a route stands: before its url. */
export const prefixOf = ({ dialect }: Pick<Route, 'dialect'>): string => dialect?.prefix ?? apiPrefix;

/** What a route without a query of its own takes: a parameter that would be ignored is a mistake. */
const noParameters = exactly({});

/**
 * Refuses routes without a permission, at registration: no permission, no boot. Must be called before any route is
 * registered.
 */
export function requirePermissions(app: FastifyInstance): void {
  app.decorateRequest('pending', null);
  app.addHook('onRoute', ({ url, method, config }) => {
    const permission = config?.permission;
    if (
      permission !== 'public' &&
      permission !== 'operator' &&
      !Object.hasOwn(permissions, permission ?? '')
    ) {
      throw new Error(`${method} ${url} names no permission; give it one of the table, or "public"`);
    }
  });
}

/** Registers declared routes where they stand, and 405 with `Allow` for the methods that a path does not have. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], guards: Guards): void {
  for (const route of routes) {
    registerRoute(app, route, guards);
  }
  for (const [url, declared] of Map.groupBy(routes, (route) => urlIn(app, route))) {
    answerOtherMethods(app, url, new Set(declared.map((route) => route.method)));
  }
}

/**
 * Registers the routes of a dialect in a place of their own: under its prefix bodies are read as it has them, and every error, of paths that are not
 * there too, is told in its words.
 */
export async function registerDialect(
  app: FastifyInstance,
  dialect: Dialect,
  routes: readonly Route[],
  guards: Guards,
): Promise<void> {
  await app.register(
    async (place) => {
      const answerError = answerErrorIn(dialect);
      place.setErrorHandler(answerError);
      place.setNotFoundHandler((request, reply) =>
        answerError(new ApiError('route.not_found'), request, reply),
      );
      place.removeContentTypeParser('application/json');
      place.addContentTypeParser(
        ['application/json', dialect.mediaType],
        { parseAs: 'buffer' },
        async (_request: unknown, body: Buffer) =>
          body.length === 0 ? undefined : parseStrictJson(body, dialect.bodyCounts),
      );
      registerRoutes(place, routes, guards);
    },
    { prefix: dialect.prefix },
  );
}

/** The url of a route as an instance takes it, which may stand under the prefix already. */
const urlIn = (app: FastifyInstance, route: Route): string =>
  app.prefix === prefixOf(route) ? route.url : `${prefixOf(route)}${route.url}`;

function registerRoute(app: FastifyInstance, route: Route, guards: Guards): void {
  const { method, params, query, body, reply: replySchema, status, permission } = route;
  app.route({
    method,
    url: urlIn(app, route),
    config: { permission },
    ...(takesLargeBody(route) ? {} : { bodyLimit: smallBodyBytesMax }),
    schema: {
      ...(params === undefined ? {} : { params }),
      querystring: query ?? noParameters,
      ...(body === undefined ? {} : { body }),
      ...(status === 204 || route.streamsLines ? {} : { response: { [status]: replySchema } }),
    },
    // @NOTE a stranger learns nothing from how a request is received: who may not call gets to know that first.
    attachValidation: isRead(route),
    onRequest: guardOf(route, guards),
    onResponse: (request, reply, done) => {
      tellRefusal(route, request, reply, guards.onRefused);
      done();
    },
    handler: isRead(route)
      ? (request, reply) => answerRead(route, request, reply, guards)
      : (request, reply) => answerChange(route, request, reply, guards),
  });
}

/** Whether a body may be as large as the server takes any: only what somebody is known for by then. */
const takesLargeBody = ({ permission, body }: Route): boolean =>
  body !== undefined && permission !== 'public' && permission !== 'operator';

function guardOf(route: Route, guards: Guards) {
  const { authenticate, requireOperator, admitChange } = guards;
  const { permission } = route;
  if (permission === 'operator' && requireOperator === undefined) {
    throw new Error(`${route.operationId} is the operator's, and nobody can tell who that is`);
  }
  const admit = isChange(route) ? admitChange : undefined;
  const identified = async (request: FastifyRequest): Promise<void> => {
    if (permission === 'operator') {
      requireOperator?.(request);
    } else if (permission !== 'public') {
      await settled(route, request, authenticate(request), guards);
    }
  };
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    const waiting = admit?.();
    if (waiting !== undefined) {
      waiting.then(() => identified(request)).then(() => done(), done);
      return;
    }
    if (permission === 'operator') {
      requireOperator?.(request);
    } else if (permission !== 'public') {
      const found = authenticate(request);
      // @NOTE a look-up, which most requests are, goes on at once.
      if (found instanceof Promise || !isRead(route)) {
        settled(route, request, found, guards).then(() => done(), done);
        return;
      }
      request.pending = found;
    }
    done();
  };
}

async function settled(
  route: Route,
  request: FastifyRequest,
  found: PendingPrincipal | Promise<PendingPrincipal>,
  guards: Guards,
): Promise<void> {
  request.pending = await found;
  if (!isRead(route)) {
    await knownBefore(request.pending, guards);
  }
}

/** Before the body is read. */
async function knownBefore(pending: PendingPrincipal, { patiently }: Guards): Promise<void> {
  try {
    await (patiently === undefined ? pending.known() : patiently(() => pending.known()));
  } finally {
    pending.close();
  }
}

/** Whether it is found out who calls together with what they ask for. */
const isRead = ({ method, permission }: Route): boolean =>
  method === 'GET' && permission !== 'public' && permission !== 'operator';

async function answerRead(
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

async function answerChange(
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

const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function answerOtherMethods(app: FastifyInstance, url: string, allowed: ReadonlySet<Method>): void {
  const allow = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].sort().join(', ');
  app.route({
    method: methods.filter((method) => !allowed.has(method)),
    url,
    config: { permission: 'public' },
    // @NOTE before the body is read, so that a wrong method is not told as a wrong media type.
    onRequest: async () => {
      throw new ApiError('request.method_not_allowed', { headers: { allow } });
    },
    handler: async () => undefined,
  });
}
