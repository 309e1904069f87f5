import { STATUS_CODES } from 'node:http';
import { type Static, Type } from 'typebox';
import type { ApiError } from './api-error.ts';

/** An error reply: a problem document after RFC 9457, with `code`, `request_id` and, for 422, `errors`. */
export const Problem = Type.Object(
  {
    type: Type.String({
      description: 'Identifies the kind of problem; the same for every problem of one code.',
    }),
    title: Type.String({ description: 'The name of the HTTP status.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong, for a person.' }),
    code: Type.String({ description: 'Stable and dotted, for programs.' }),
    request_id: Type.String({ description: 'The same as the X-Request-ID header.' }),
    mfa_token: Type.Optional(
      Type.String({
        description:
          'With `auth.mfa_required`: what `POST /auth/mfa/totp/verify` takes with the code, and `POST /auth/passkeys/challenge` and `/verify`.',
      }),
    ),
    mfa_expires_in: Type.Optional(Type.Integer({ description: 'Seconds until it expires.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({
              description:
                'A JSON pointer (RFC 6901) into the body; `/query/…`, `/path/…` and `/headers/…` name the other parts of a request.',
            }),
            message: Type.String({ description: 'What is wrong with it, for a person.' }),
          },
          { additionalProperties: false, title: 'Fault', description: 'A field at fault.' },
        ),
        { description: 'The fields at fault, where some are; at most 20.' },
      ),
    ),
  },
  { additionalProperties: false, title: 'Problem', description: 'An error: a problem document (RFC 9457).' },
);
export type Problem = Static<typeof Problem>;

/** @NOTE the name of a field is the client's own, and may be as long as a body. */
const textLengthMax = 400;
const clipped = (text: string): string =>
  text.length <= textLengthMax ? text : `${text.slice(0, textLengthMax).toWellFormed()}…`;

/** The problem document of an error. */
export const toProblem = (error: ApiError, requestId: string): Problem => ({
  type: `urn:brownie:problem:${error.code}`,
  title: STATUS_CODES[error.status] ?? 'Error',
  status: error.status,
  detail: clipped(error.message),
  code: error.code,
  request_id: requestId,
  ...error.challenge,
  ...(error.faults.length > 0
    ? {
        errors: error.faults.map(({ pointer, message }) => ({
          pointer: clipped(pointer),
          message: clipped(message),
        })),
      }
    : {}),
});
