import { type Permission, permissions } from '../auth/permissions.ts';
import { keyRequirements } from '../auth/scopes.ts';
import { lineMediaType } from '../http/line-stream.ts';
import type { Route } from '../http/route.ts';
import type { ComponentSchemas } from './component-schemas.ts';
import { errorReplies } from './error-replies.ts';
import { errorsOf } from './errors-of.ts';
import { exampleOf } from './example-of.ts';
import type { JsonSchema, MediaType, Operation, Reply } from './open-api-types.ts';
import { parametersOf, takesKnownTag } from './parameters.ts';
import { type HeaderName, replyHeaders } from './shared-components.ts';

/** What the document says of one route. */
export function operationOf(route: Route, schemas: ComponentSchemas): Operation {
  const { operationId, tag, summary, body, status, permission } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    description: descriptionOf(route),
    parameters: parametersOf(route, schemas),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            ...descriptionOfBody(body as JsonSchema),
            required: true,
            content: Object.fromEntries(
              bodyTypesOf(route).map((type) => [type, mediaType(body as JsonSchema, schemas, route.example)]),
            ),
          },
        }),
    responses: {
      [status]: successReply(route, schemas),
      ...(takesKnownTag(route) ? { 304: knownReply } : {}),
      ...(route.redirects ? { 302: redirectReply } : {}),
      ...errorReplies(errorsOf(route), schemas, {
        whereRead: headersWhereRead(route),
        dialect: route.dialect,
      }),
    },
    security: securityOf(route),
    'x-permission': permission,
  };
}

/** @NOTE what `METADATA_COMPATIBILITY=v1` adds to replies, once a body was read. */
const headersWhereRead = ({ body }: Route): readonly HeaderName[] =>
  body === undefined ? [] : ['Brownie-Ignored-Fields'];

const bodyTypesOf = ({ dialect }: Route): readonly string[] => [
  ...(dialect === undefined ? [] : [dialect.mediaType]),
  'application/json',
];

const descriptionOfBody = ({ description }: JsonSchema): { readonly description?: string } =>
  typeof description === 'string' ? { description } : {};

function descriptionOf({ description, permission }: Route): string {
  const who = whoMay(permission);
  return description === undefined ? who : `${description}\n\n${who}`;
}

function whoMay(permission: Route['permission']): string {
  switch (permission) {
    case 'public':
      return 'Needs no token.';
    case 'operator':
      return 'Who may: the operator of the service, with `METADATA_OPERATOR_TOKEN`. Where none is set, nobody: 404.';
    default:
      return `Who may: ${permissions[permission]} (\`${permission}\`). ${whichKeyMay(permission)}`;
  }
}

function whichKeyMay(permission: Permission): string {
  const needed = keyRequirements[permission];
  switch (needed) {
    case 'a person':
      return 'Not with an API key.';
    case 'any key':
      return 'With an API key: any but a directory’s.';
    default:
      return `With an API key: one with the scope \`${needed}\`.`;
  }
}

function securityOf({ permission }: Route): Operation['security'] {
  switch (permission) {
    case 'public':
      return [];
    case 'operator':
      return [{ operatorToken: [] }];
    default:
      return [{ bearerAuth: [] }, ...keySecurityOf(permission)];
  }
}

/** @NOTE OpenAPI 3.1 names what a scheme must grant for every kind of scheme, not for OAuth alone. */
function keySecurityOf(permission: Permission): Operation['security'] {
  const needed = keyRequirements[permission];
  return needed === 'a person' ? [] : [{ apiKey: needed === 'any key' ? [] : [needed] }];
}

function successReply(route: Route, schemas: ComponentSchemas): Reply {
  const headers = replyHeaders(
    ...(route.etag === undefined ? [] : (['ETag'] as const)),
    ...(route.contentTag === undefined ? [] : (['ContentTag'] as const)),
    ...(route.location === undefined ? [] : (['Location'] as const)),
    ...(route.idempotent ? (['Idempotency-Replayed'] as const) : []),
    ...(route.method === 'GET' ? [] : (['Brownie-Position'] as const)),
    ...headersWhereRead(route),
  );
  return {
    description: route.status === 201 ? 'Created' : route.status === 202 ? 'Accepted' : 'Done',
    headers,
    ...(route.status === 204
      ? {}
      : {
          content: {
            [route.streamsLines ? lineMediaType : (route.dialect?.mediaType ?? 'application/json')]:
              mediaType(route.reply as JsonSchema, schemas),
          },
        }),
  };
}

const knownReply: Reply = {
  description: 'What you hold is what there is',
  headers: replyHeaders('ContentTag'),
};

const redirectReply: Reply = {
  description: 'To a browser, which prefers `text/html` to JSON: the same as a redirect',
  headers: replyHeaders('Location', 'Set-Cookie'),
};

const mediaType = (schema: JsonSchema, schemas: ComponentSchemas, example?: unknown): MediaType => ({
  schema: schemas.refer(schema),
  example: example ?? exampleOf(schema),
});
