import { STATUS_CODES } from 'node:http';
import { type Static, Type } from 'typebox';
import type { ApiError } from './api-error.ts';

/** An error reply: a problem document after RFC 9457, with `code`, `request_id` and, for 422, `errors`. */
export const Problem = Type.Object(
  {
    type: Type.String({
      description: 'Identifies the kind of problem; the same for every problem of one code.',
    }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What went wrong, for a person.' }),
    code: Type.String({ description: 'Stable and dotted, for programs.' }),
    request_id: Type.String({ description: 'The same as the X-Request-ID header.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({ description: 'JSON pointer (RFC 6901) of the field.' }),
            message: Type.String(),
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false, title: 'Problem' },
);
export type Problem = Static<typeof Problem>;

/** The problem document of an error. */
export const toProblem = (error: ApiError, requestId: string): Problem => ({
  type: `urn:brownie:problem:${error.code}`,
  title: STATUS_CODES[error.status] ?? 'Error',
  status: error.status,
  detail: error.message,
  code: error.code,
  request_id: requestId,
  ...(error.faults.length > 0 ? { errors: [...error.faults] } : {}),
});
