import type { TSchema } from 'typebox';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { ComponentSchemas } from './component-schemas.ts';
import { errorReplies } from './error-replies.ts';
import { exampleOf } from './example-of.ts';
import type { JsonSchema, Operation, Reply } from './open-api-types.ts';
import { parameterReference, replyHeaders } from './shared-components.ts';

/** A GET that is no declared route of the API, such as /health, described. */
export interface Endpoint {
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** What it answers with, by HTTP status: words, and a schema for each media type. */
  readonly replies: Readonly<Record<number, readonly [string, Readonly<Record<string, TSchema>>]>>;
  readonly errors: readonly ErrorCode[];
}

/** What the document says of an endpoint. */
export function endpointOperation(endpoint: Endpoint, schemas: ComponentSchemas): Operation {
  const { operationId, tag, summary, description, replies, errors } = endpoint;
  const responses: Record<string, Reply> = { ...errorReplies(errors, schemas) };
  for (const [status, [words, media]] of Object.entries(replies)) {
    const error = responses[status];
    const content = Object.entries(media).map(([type, schema]) => [
      type,
      { schema: schemas.refer(schema as JsonSchema), example: exampleOf(schema as JsonSchema) },
    ]);
    responses[status] = {
      description: error === undefined ? words : `${words}\n\n${error.description}`,
      headers: error?.headers ?? replyHeaders(),
      content: { ...Object.fromEntries(content), ...error?.content },
    };
  }
  return {
    operationId,
    tags: [tag],
    summary,
    description: `${description}\n\nNeeds no token.`,
    parameters: [parameterReference('RequestId')],
    security: [],
    responses,
  };
}
