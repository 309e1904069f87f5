import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PendingPrincipal } from '../auth/pending-principal.ts';
import { permissions } from '../auth/permissions.ts';
import { ApiError } from '../errors/api-error.ts';
import { exactly } from '../schemas/common-schemas.ts';
import { answerChange, answerRead } from './answer-route.ts';
import { smallBodyBytesMax } from './body-budget.ts';
import type { Dialect } from './dialect.ts';
import { answerErrorIn } from './error-handler.ts';
import type { Guards } from './guards.ts';
import { tellRefusal } from './refusal.ts';
import { isChange, isRead, type Method, prefixOf, type Route } from './route.ts';
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
