import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Problem } from '../../platform/errors/problem.ts';
import { prefixOf, type Route } from '../../platform/http/route.ts';
import { type OperationInput, ToolFault } from './tool.ts';

/** What an operation is told of the request that a tool was called with: who calls, from where, and which trace it is in. */
const passedOn = [
  'authorization',
  'brownie-position',
  'forwarded',
  'traceparent',
  'tracestate',
  'x-forwarded-for',
  'x-request-id',
] as const;

type RouteOf = ReadonlyMap<string, Pick<Route, 'method' | 'url' | 'dialect' | 'idempotent'>>;

/**
 * Calls operations as a client would, without the network between: through the same hooks, permissions, limits and checks of what is sent, for whoever called the tool.
 */
export class OperationCaller {
  readonly #app: FastifyInstance;
  readonly #routes: RouteOf;

  constructor(app: FastifyInstance, routes: RouteOf) {
    this.#app = app;
    this.#routes = routes;
  }

  /** The body of the reply. Throws ToolFault where it is refused. */
  async call(
    request: FastifyRequest,
    operationId: string,
    { params = {}, query = {}, body, ifMatch }: OperationInput,
  ): Promise<object> {
    const route = this.#routes.get(operationId);
    if (route === undefined) {
      throw new Error(`there is no operation ${operationId}`);
    }
    const path = route.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const reply = await this.#app.inject({
      method: route.method,
      url: `${prefixOf(route)}${path}`,
      query: queryOf(query),
      headers: {
        ...headersOf(request.headers, route.idempotent === true),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      remoteAddress: request.raw.socket.remoteAddress ?? '',
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    if (reply.statusCode >= 400) {
      throw faultOf(reply.json<Problem>(), reply.headers['retry-after']);
    }
    return reply.json<object>();
  }
}

const headersOf = (headers: IncomingHttpHeaders, isIdempotent: boolean): Record<string, string> =>
  Object.fromEntries(
    [...passedOn, ...(isIdempotent ? (['idempotency-key'] as const) : [])].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );

function queryOf(query: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );
}

/** What to do next where the sentence of the API does not say it to a model. */
const advice: Readonly<Record<string, string>> = {
  'precondition.stale': 'Decide anew whether the change is still right.',
  'auth.scope_missing': 'Ask a person for a key with that scope, or go on without.',
  'auth.forbidden': 'Ask somebody who may, or go on without.',
  'rate.limited': 'Wait as long as it says, then try again.',
  'service.unavailable': 'Try the same again in a moment.',
  'service.overloaded': 'Try the same again in a moment.',
  'service.maintenance': 'Reads go on; try the change again later.',
};

function faultOf({ status, code, detail, errors = [] }: Problem, retryAfter: unknown): ToolFault {
  const places = errors.map(({ pointer, message }) => `${pointer || 'the whole'} ${message}`);
  const parts = [
    `${code}: ${detail}.`.replace(/\.\.$/, '.'),
    ...(places.length > 1 ? [`At fault: ${places.join('; ')}.`] : []),
    ...(retryAfter === undefined ? [] : [`Try again in ${String(retryAfter)} s.`]),
    advice[code] ?? '',
  ];
  return new ToolFault(status, parts.filter(Boolean).join(' '));
}
