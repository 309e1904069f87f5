import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

/** The header that names the fields of a body that were ignored. */
export const ignoredFieldsHeader = 'Brownie-Ignored-Fields';

/** @NOTE proxies give up on replies whose headers exceed 4 KiB. */
const ignoredLengthMax = 1_000;
const withoutOffset = /^\d{4}-\d\d-\d\d[tT ]\d\d:\d\d:\d\d(\.\d+)?$/;

interface ObjectSchema {
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, { readonly format?: string }>>;
}

/**
 * What `METADATA_COMPATIBILITY=v1` eases in how requests are read, for clients of the service before this one: a path with
 * slashes at its end is redirected (308), fields of a body that the route does not know are ignored and named in the
 * reply's header `Brownie-Ignored-Fields`, and times without an offset are read as UTC. Call before routes are registered.
 */
export function easeV1Clients(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const url = request.is404 ? withoutTrailingSlash(request.url) : undefined;
    return url === undefined ? undefined : reply.redirect(url, 308);
  });
  app.addHook('onRoute', easeInput);
}

/** The URL without slashes at the end of its path; undefined where there is none, or where it would lead elsewhere. */
export function withoutTrailingSlash(url: string): string | undefined {
  const [path = '', ...query] = url.split('?');
  let end = path.length;
  while (path[end - 1] === '/') {
    end -= 1;
  }
  // @NOTE `//host` and `/\host` are addresses of another host to a browser.
  const isOurs = /^\/[\w.~-]/.test(path) && end < path.length;
  return isOurs ? [path.slice(0, end), ...query].join('?') : undefined;
}

function easeInput(route: RouteOptions): void {
  const body = route.schema?.body as ObjectSchema | undefined;
  const query = route.schema?.querystring as ObjectSchema | undefined;
  if (body === undefined && query === undefined) {
    return;
  }
  const ease = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    readTimesAsUtc(request.query, query);
    readTimesAsUtc(request.body, body);
    const ignored = dropUnknown(request.body, body);
    if (ignored.length > 0) {
      reply.header(ignoredFieldsHeader, listOf(ignored));
    }
  };
  route.preValidation = [ease, ...[route.preValidation ?? []].flat()];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readTimesAsUtc(values: unknown, { properties = {} }: ObjectSchema = {}): void {
  if (!isObject(values)) {
    return;
  }
  for (const [name, { format }] of Object.entries(properties)) {
    const value = values[name];
    if (format === 'date-time' && typeof value === 'string' && withoutOffset.test(value)) {
      values[name] = `${value}Z`;
    }
  }
}

/** Takes away what the schema does not know; answers the names. */
function dropUnknown(body: unknown, schema: ObjectSchema = {}): readonly string[] {
  const { additionalProperties, properties = {} } = schema;
  if (!isObject(body) || additionalProperties !== false) {
    return [];
  }
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(properties, name));
  for (const name of unknown) {
    delete body[name];
  }
  return unknown;
}

/** The names as the value of a header, percent-encoded, cut where they are too many. */
function listOf(names: readonly string[]): string {
  const encoded = names.map(encodeURIComponent);
  let length = 0;
  const fitting = encoded.filter((name) => {
    length += name.length + 2;
    return length <= ignoredLengthMax;
  });
  return [...fitting, ...(fitting.length < encoded.length ? ['...'] : [])].join(', ');
}
