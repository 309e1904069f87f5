import type { Header, JsonSchema, Parameter, Reference } from './open-api-types.ts';

const exampleId = '01890a5d-ac96-774b-bcce-b302099a8057';

const requestIdSchema: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.-]{1,128}$',
  examples: [exampleId],
};
const versionTag: JsonSchema = { type: 'string', examples: ['"3"'] };

/** Headers that operations take, by the name under which the document refers to them. */
export const sharedParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A name for this request, of your choice: repeating it with the same key changes nothing twice.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$', examples: [exampleId] },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The version that you hold, as ETag gave it (the quotes may be left out), or `*` for any.',
    schema: versionTag,
  },
  RequestId: {
    name: 'X-Request-ID',
    in: 'header',
    description:
      'A name for this request in logs and in the audit trail. Without one, or with another form, a new one is made.',
    schema: requestIdSchema,
  },
} as const satisfies Record<string, Parameter>;

/** Headers that replies carry, by their names. */
export const sharedHeaders = {
  'X-Request-ID': { description: 'Names this request in logs.', required: true, schema: requestIdSchema },
  ETag: { description: 'The version of the resource, for If-Match.', schema: versionTag },
  Location: {
    description: 'The path of what was created, or the page to go on to.',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Set-Cookie': { description: 'To be sent back with the next step.', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description: 'Present where an earlier reply to the same Idempotency-Key is given again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0, examples: [1] } },
  'WWW-Authenticate': { description: 'The scheme to use.', schema: { type: 'string', examples: ['Bearer'] } },
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof sharedHeaders;

/** Refers to a header that operations take. */
export const parameterReference = (name: keyof typeof sharedParameters): Reference => ({
  $ref: `#/components/parameters/${name}`,
});

/** The headers of a reply: X-Request-ID, as always, and these. */
export const replyHeaders = (...names: readonly HeaderName[]): Readonly<Record<string, Reference>> =>
  Object.fromEntries(
    ['X-Request-ID', ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
