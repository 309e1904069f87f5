import { exampleIds } from '../schemas/shared-fields.ts';
import type { Header, JsonSchema, Parameter, Reference } from './open-api-types.ts';

const requestIdSchema: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.-]{1,128}$',
  examples: [exampleIds.request],
};
const positionSchema: JsonSchema = { type: 'string', examples: ['16/B374D848'] };
const versionTag: JsonSchema = { type: 'string', examples: ['"3"'] };
const contentTag: JsonSchema = { type: 'string', examples: ['"c2c1e9d56a38a29dd4dfc2a7"'] };

/** Headers that operations take, by the name under which the document refers to them. */
export const sharedParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A name for this request, of your choice: repeating it with the same key within a day changes nothing twice, and gives the first reply again. 1 to 255 printable ASCII characters without spaces.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      examples: [exampleIds.attempt],
    },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'The version that you hold, as `ETag` gave it (the quotes may be left out), or `*` for any, as without the header. Where the resource has moved on: 412.',
    schema: versionTag,
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description:
      'What you hold, as `ETag` gave it: where that is what there is, the answer is 304, without a body.',
    schema: contentTag,
  },
  Position: {
    name: 'Brownie-Position',
    in: 'header',
    description:
      'Where the service reads from replicas: how far the database had come with your last change, as the reply to it said. The reply to this request is not behind that, and may be up to a second old otherwise. Without the header, or with another form, it is of this moment.',
    schema: positionSchema,
  },
  RequestId: {
    name: 'X-Request-ID',
    in: 'header',
    description:
      'A name for this request in logs and in the audit trail: 1 to 128 letters, digits, `.`, `_` or `-`. Without one, or with another form, a new one is made.',
    schema: requestIdSchema,
  },
} as const satisfies Record<string, Parameter>;

/** Headers that replies carry, by the names under which the document refers to them. */
export const sharedHeaders = {
  'X-Request-ID': {
    description: 'The name of this request in logs and in the audit trail.',
    required: true,
    schema: requestIdSchema,
  },
  ETag: { description: 'The version of the resource, for `If-Match`.', schema: versionTag },
  ContentTag: { description: 'What the reply is known by, for `If-None-Match`.', schema: contentTag },
  Location: {
    description: 'The path of what was created, or the page to go on to.',
    schema: {
      type: 'string',
      format: 'uri-reference',
      examples: [`/api/v1/incidents/${exampleIds.incident}/events`],
    },
  },
  'Set-Cookie': {
    description: 'To be sent back with the callback: without it this login cannot be finished.',
    schema: { type: 'string' },
  },
  'Brownie-Position': {
    description:
      'Where the service reads from replicas: how far the database has come with this change, for reads that follow.',
    schema: positionSchema,
  },
  'Brownie-Ignored-Fields': {
    description:
      'With `METADATA_COMPATIBILITY=v1` alone: the fields of the body that the route does not know and that were ignored, percent-encoded, separated by commas.',
    schema: { type: 'string', examples: ['severity, sub%20ject'] },
  },
  'Idempotency-Replayed': {
    description: 'Sent where the reply to an earlier request with the same `Idempotency-Key` is given again.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before the request is sent again.',
    schema: { type: 'integer', minimum: 0, examples: [1] },
  },
  'WWW-Authenticate': {
    description: 'The scheme of `Authorization` to use.',
    schema: { type: 'string', examples: ['Bearer'] },
  },
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof sharedHeaders;

/** Refers to a header that operations take. */
export const parameterReference = (name: keyof typeof sharedParameters): Reference => ({
  $ref: `#/components/parameters/${name}`,
});

/** The headers of a reply: X-Request-ID, as always, and these. */
export const replyHeaders = (...names: readonly HeaderName[]): Readonly<Record<string, Reference>> =>
  Object.fromEntries(
    ['X-Request-ID', ...names].map((name) => [
      // @NOTE the header is the same, what it says is not.
      name === 'ContentTag' ? 'ETag' : name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );
