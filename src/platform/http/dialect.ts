import type { TSchema } from 'typebox';
import type { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { JsonCounts } from './json-survey.ts';

/** How routes speak whose words a standard has chosen: elsewhere than the API's own, in a media type and with errors of their own. */
export interface Dialect {
  /** Where they stand: `/scim/v2`. */
  readonly prefix: string;
  /** Of replies, errors too; bodies come in it or as `application/json`. */
  readonly mediaType: string;
  /** What a body may hold. */
  readonly bodyCounts: JsonCounts;
  /** An error's document, and its schema. */
  readonly errorSchema: TSchema;
  readonly errorDocument: (error: ApiError) => object;
  /** The HTTP status of an error, where it is another one than the catalogue's. */
  readonly statusOf: (code: ErrorCode) => number;
}
