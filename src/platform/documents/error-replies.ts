import type { TSchema } from 'typebox';
import { ApiError, type ApiErrorOptions } from '../errors/api-error.ts';
import { type ErrorCode, errorCatalogue } from '../errors/catalogue.ts';
import { Problem, toProblem } from '../errors/problem.ts';
import type { Dialect } from '../http/dialect.ts';
import { exampleIds } from '../schemas/shared-fields.ts';
import type { ComponentSchemas } from './component-schemas.ts';
import type { Example, JsonSchema, Reply } from './open-api-types.ts';
import { type HeaderName, replyHeaders } from './shared-components.ts';

/** What the examples of errors add to the catalogue's sentence: a field at fault. */
const exampleOptions: Partial<Record<ErrorCode, ApiErrorOptions>> = {
  'request.invalid': {
    detail: '/name is required',
    faults: [{ pointer: '/name', message: 'is required' }],
  },
  'request.path_mismatch': {
    faults: [{ pointer: '/organization_id', message: 'differs from the id in the path' }],
  },
};

const headersByStatus: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  412: ['ETag'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** What is refused before a body is read, and before it is looked at. */
const beforeBody: ReadonlySet<number> = new Set([401, 413, 414, 415]);

interface ErrorReplyOptions {
  /** Headers of replies to a request whose body was read. */
  readonly whereRead?: readonly HeaderName[];
  readonly dialect?: Dialect | undefined;
}

/** The error replies of an operation, by HTTP status: their codes in the description, an example for each code, and the headers. */
export function errorReplies(
  codes: readonly ErrorCode[],
  schemas: ComponentSchemas,
  { whereRead = [], dialect }: ErrorReplyOptions = {},
): Readonly<Record<string, Reply>> {
  const schema = schemas.refer((dialect?.errorSchema ?? Problem) as TSchema as JsonSchema);
  const byStatus = Map.groupBy(codes, (code) => dialect?.statusOf(code) ?? errorCatalogue[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      errorReply(status, ofStatus, schema, {
        whereRead: beforeBody.has(status) ? [] : whereRead,
        dialect,
      }),
    ]),
  );
}

function errorReply(
  status: number,
  codes: readonly ErrorCode[],
  schema: JsonSchema,
  { whereRead = [], dialect }: ErrorReplyOptions,
): Reply {
  const sentences = codes.map((code) => `\`${code}\`: ${errorCatalogue[code][1]}`);
  const examples = codes.map((code) => [
    code,
    dialect === undefined
      ? { $ref: `#/components/examples/${code}` }
      : { summary: code, value: dialect.errorDocument(new ApiError(code, exampleOptions[code])) },
  ]);
  return {
    description: sentences.length === 1 ? sentences.join() : sentences.map((line) => `- ${line}`).join('\n'),
    headers: replyHeaders(
      ...(headersByStatus[status] ?? []),
      ...(codes.includes('idempotency.in_progress') ? (['Retry-After'] as const) : []),
      ...whereRead,
    ),
    content: {
      [dialect?.mediaType ?? 'application/problem+json']: { schema, examples: Object.fromEntries(examples) },
    },
  };
}

/** An example problem document for each code. */
export const errorExamples = (codes: Iterable<ErrorCode>): Readonly<Record<string, Example>> =>
  Object.fromEntries(
    [...codes].toSorted().map((code) => {
      const problem = toProblem(new ApiError(code, exampleOptions[code]), exampleIds.request);
      return [code, { summary: code, value: problem }];
    }),
  );
