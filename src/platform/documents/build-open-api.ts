import { prefixOf, type Route } from '../http/route.ts';
import { apiDescription } from './api-description.ts';
import { ComponentSchemas } from './component-schemas.ts';
import { type Endpoint, endpointOperation } from './endpoint.ts';
import { errorExamples } from './error-replies.ts';
import { errorsOf } from './errors-of.ts';
import type { OpenApiDocument, Operation, PathItem, Tag } from './open-api-types.ts';
import { operationOf } from './operation.ts';
import { templateOf } from './parameters.ts';
import { sharedHeaders, sharedParameters } from './shared-components.ts';

export interface OpenApiOptions {
  readonly routes: readonly Route[];
  /** The version of the service. */
  readonly version: string;
  /** Every tag that an operation has, in the order in which they are shown. */
  readonly tags: readonly Tag[];
  /** Where the service is reached, without the prefix of paths; default `/`, which is wherever the document came from. */
  readonly serverUrl?: string | undefined;
  /** What is served beside the routes. */
  readonly endpoints?: readonly Endpoint[];
}

/**
 * The OpenAPI 3.1.1 document of the declared routes. Throws where the declarations do not make a valid one: two
 * schemas under one title, an operationId or a method of a path declared twice, a tag without description, path
 * parameters without schema.
 */
export function buildOpenApi(options: OpenApiOptions): OpenApiDocument {
  const { routes, version, tags, serverUrl, endpoints = [] } = options;
  const schemas = new ComponentSchemas();
  const declared = pathsOf(routes, schemas);
  const described = Object.fromEntries(
    endpoints.map((endpoint): [string, PathItem] => [
      endpoint.path,
      { get: endpointOperation(endpoint, schemas) },
    ]),
  );
  const twice = Object.keys(described).find((path) => declared[path] !== undefined);
  if (twice !== undefined) {
    throw new Error(`${twice} is a declared route; it cannot be an endpoint beside them, too`);
  }
  const paths = { ...declared, ...described };
  requireConsistent(
    Object.values(paths).flatMap((path) => Object.values(path)),
    tags,
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Brownie Metadata API',
      version,
      description: apiDescription,
      contact: { name: 'Whoever runs this service' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      serverUrl === undefined
        ? { url: '/', description: 'The service that this document came from.' }
        : { url: serverUrl, description: 'The service.' },
    ],
    tags,
    paths,
    components: {
      schemas: schemas.toRecord(),
      examples: errorExamples(
        new Set([
          ...routes.filter(({ dialect }) => dialect === undefined).flatMap(errorsOf),
          ...endpoints.flatMap(({ errors }) => errors),
        ]),
      ),
      parameters: sharedParameters,
      headers: sharedHeaders,
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'For everything but the operator’s: paste the `access_token` that `POST /api/v1/auth/login` or `POST /api/v1/auth/signup` ' +
            'answers with, without the word Bearer.',
        },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'brw_…',
          description:
            'For programs: paste a `key` that `POST /api/v1/organizations/{org_id}/api-keys` answered with, without the word Bearer. An operation ' +
            'names the scope that the key needs.',
        },
        operatorToken: {
          type: 'http',
          scheme: 'bearer',
          description:
            'For the operator of the service alone: paste the value of `METADATA_OPERATOR_TOKEN`, without the word Bearer.',
        },
      },
    },
  };
}

function pathsOf(routes: readonly Route[], schemas: ComponentSchemas): Readonly<Record<string, PathItem>> {
  const byUrl = Map.groupBy(routes, (route) => `${prefixOf(route)}${route.url}`);
  return Object.fromEntries([...byUrl].map(([url, ofUrl]) => [templateOf(url), pathItem(ofUrl, schemas)]));
}

function pathItem(routes: readonly Route[], schemas: ComponentSchemas): PathItem {
  const byMethod = new Map(routes.map((route) => [route.method.toLowerCase(), operationOf(route, schemas)]));
  if (byMethod.size < routes.length) {
    const [{ url } = { url: '' }] = routes;
    throw new Error(`${url} declares one method twice`);
  }
  return Object.fromEntries(byMethod);
}

function requireConsistent(operations: readonly Operation[], tags: readonly Tag[]): void {
  const known = new Set(tags.map(({ name }) => name));
  const seen = new Set<string>();
  for (const { operationId, tags: used } of operations) {
    if (seen.has(operationId)) {
      throw new Error(`The operationId ${operationId} is declared twice`);
    }
    seen.add(operationId);
    const unknown = used.find((tag) => !known.has(tag));
    if (unknown !== undefined) {
      throw new Error(`${operationId} has the tag "${unknown}", which has no description`);
    }
  }
}
