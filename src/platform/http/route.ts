import type { Static, TSchema } from 'typebox';
import type { Caller } from '../auth/caller.ts';
import type { Permission } from '../auth/permissions.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Dialect } from './dialect.ts';
import type { LineStream } from './line-stream.ts';
import type { Redirection } from './redirection.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const apiPrefix = '/api/v1';

/** Someone without a user's token: on a public route, or the operator. */
export interface Visitor {
  readonly requestId: string;
  readonly address: string;
  readonly idempotencyKey: string | undefined;
  /** The headers Accept and Cookie, as they came. */
  readonly accept: string | undefined;
  readonly cookies: string | undefined;
}

/** What a handler is given: who calls, and the validated parts of the request. */
export interface Call<Who, Params, Query, Body> {
  readonly caller: Who;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The version that If-Match names, on routes that declare `ifMatch`. */
  readonly ifMatch: number | undefined;
}

interface Declaration<
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Reply extends TSchema,
  Who,
> {
  readonly method: Method;
  /** Under /api/v1, or the prefix of its dialect; parameters as `:team_id`. */
  readonly url: string;
  /** The operation's name in OpenAPI, unique. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** An example of the body, for the documents. */
  readonly example?: Static<Body>;
  /** 204 has no body: its `reply` is `NoContent`. */
  readonly status: 200 | 201 | 202 | 204;
  readonly reply: Reply;
  /** Errors beyond those that every route of its kind has. */
  readonly errors?: readonly ErrorCode[];
  /** Where it does not speak as the API does. */
  readonly dialect?: Dialect;
  /** Takes an Idempotency-Key. */
  readonly idempotent?: boolean;
  /** Changes nothing, though its method says otherwise: goes on during maintenance. */
  readonly changesNothing?: boolean;
  /** Takes an If-Match with the version. */
  readonly ifMatch?: boolean;
  /** May answer with a Redirection instead of the reply. */
  readonly redirects?: boolean;
  /** Answers with a LineStream, each line of which is a `reply`. */
  readonly streamsLines?: boolean;
  /** Headers that follow from the reply. */
  readonly etag?: (reply: Static<Reply>) => number | undefined;
  /** What the reply is known by, in place of a version: a look-up that names it in If-None-Match is answered 304. */
  readonly contentTag?: (reply: Static<Reply>) => string;
  readonly location?: (reply: Static<Reply>) => string;
  handle(
    call: Call<Who, Static<Params>, Static<Query>, Static<Body>>,
  ): Promise<Static<Reply> | Redirection | LineStream>;
}

/** A declared route, its types erased: what the server registers, the documents show and the contract tests walk. */
export interface Route
  extends Omit<
    Declaration<TSchema, TSchema, TSchema, TSchema, never>,
    'handle' | 'etag' | 'contentTag' | 'location'
  > {
  readonly permission: Permission | 'public' | 'operator';
  readonly etag?: (reply: never) => number | undefined;
  readonly contentTag?: (reply: never) => string;
  readonly location?: (reply: never) => string;
  handle(call: Call<never, never, never, never>): Promise<unknown>;
}

/**
 * Declares a route for callers with a token or an API key. Its permission is one of the table, which says what role (`permissions.ts`) and what
 * scope of a key (`scopes.ts`) it takes.
 */
export const route = <
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Reply extends TSchema,
>(
  declaration: Declaration<Params, Query, Body, Reply, Caller> & { readonly permission: Permission },
): Route => declaration;

/** Declares a route that needs no token. */
export const publicRoute = <
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Reply extends TSchema,
>(
  declaration: Declaration<Params, Query, Body, Reply, Visitor> & { readonly permission: 'public' },
): Route => declaration;

/** Declares a route for the operator of the service, who has a token of their own (`METADATA_OPERATOR_TOKEN`). */
export const operatorRoute = <
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Reply extends TSchema,
>(
  declaration: Declaration<Params, Query, Body, Reply, Visitor> & { readonly permission: 'operator' },
): Route => declaration;

/**
 * Whether what a route does may change who may do what, so that what is remembered of callers is in doubt after it. @NOTE all but what is known
 * to leave that alone. API keys are not remembered.
 */
export const mayChangeAccess = ({
  operationId,
  permission,
}: Pick<Route, 'operationId' | 'permission'>): boolean =>
  operationId !== 'login' && !/^(operator$|(incident|agent_config|config|stats|api_key):)/.test(permission);

/** Whether a route is refused during maintenance. What the operator does is not. */
export const isChange = ({
  method,
  permission,
  changesNothing = false,
}: Pick<Route, 'method' | 'permission' | 'changesNothing'>): boolean =>
  method !== 'GET' && permission !== 'operator' && !changesNothing;

/** Where a route stands: before its url. */
export const prefixOf = ({ dialect }: Pick<Route, 'dialect'>): string => dialect?.prefix ?? apiPrefix;

/** Whether it is found out who calls together with what they ask for. */
export const isRead = ({ method, permission }: Pick<Route, 'method' | 'permission'>): boolean =>
  method === 'GET' && permission !== 'public' && permission !== 'operator';
