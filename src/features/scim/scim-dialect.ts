import { type Static, Type } from 'typebox';
import { type ErrorCode, errorCatalogue } from '../../platform/errors/catalogue.ts';
import type { Dialect } from '../../platform/http/dialect.ts';
import { oneOf } from '../../platform/schemas/common-schemas.ts';

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** What went wrong, in the words of RFC 7644, 3.12, where it has one. */
const scimTypes: Partial<Record<ErrorCode, Static<typeof ScimType>>> = {
  'scim.uniqueness': 'uniqueness',
  'scim.address_known': 'uniqueness',
  'scim.invalid_filter': 'invalidFilter',
  'scim.invalid_path': 'invalidPath',
  'scim.no_target': 'noTarget',
  'scim.invalid_syntax': 'invalidSyntax',
  'scim.invalid_value': 'invalidValue',
  'scim.mutability': 'mutability',
  'scim.too_many': 'tooMany',
  'request.invalid': 'invalidSyntax',
  'request.malformed': 'invalidSyntax',
};

const ScimType = oneOf(
  [
    'uniqueness',
    'invalidFilter',
    'invalidPath',
    'noTarget',
    'invalidSyntax',
    'invalidValue',
    'mutability',
    'tooMany',
  ],
  {
    title: 'SCIM Error Type',
    description: 'What went wrong, for programs, where the standard has a word for it.',
    examples: ['uniqueness'],
  },
);

const ScimError = Type.Object(
  {
    schemas: Type.Array(Type.String(), {
      description: 'Says that this is an error.',
      examples: [[errorUrn]],
    }),
    status: Type.String({ description: 'The HTTP status, as a text.', examples: ['409'] }),
    scimType: Type.Optional(ScimType),
    detail: Type.String({ description: 'What went wrong, for a person.' }),
  },
  {
    additionalProperties: false,
    title: 'SCIM Error',
    description: 'An error, as RFC 7644 (3.12) has it. `X-Request-ID` names the request in the log.',
  },
);

/** @NOTE SCIM knows no 422. */
const statusOf = (code: ErrorCode): number =>
  code === 'request.invalid' || code === 'idempotency.payload_mismatch' ? 400 : errorCatalogue[code][0];

/** SCIM 2.0: docs/adr/0045-scim.md. */
export const scimDialect: Dialect = {
  prefix: '/scim/v2',
  mediaType: 'application/scim+json',
  // @NOTE ten thousand members of a group, each with all that senders say of one.
  bodyCounts: { keysMax: 45_000, valuesMax: 60_000 },
  errorSchema: ScimError,
  statusOf,
  errorDocument: ({ code, message }) => ({
    schemas: [errorUrn],
    status: String(statusOf(code)),
    ...(scimTypes[code] === undefined ? {} : { scimType: scimTypes[code] }),
    detail:
      code === 'request.unsupported_media_type'
        ? 'The request body must be application/scim+json or application/json'
        : message.slice(0, 1_000),
  }),
};
