import { type ErrorCode, errorCatalogue } from './catalogue.ts';

/** One fault of a request: where (a JSON pointer; `/query/…`, `/path/…`, `/headers/…` outside the body) and what. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export interface Challenge {
  readonly mfa_token: string;
  /** Seconds. */
  readonly mfa_expires_in: number;
}

export interface ApiErrorOptions {
  /** Replaces the catalogue's sentence; must not name what the caller may not see. */
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  /** Seconds that the caller should wait: becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a login goes on with that takes a second factor. */
  readonly challenge?: Challenge;
  /** The reason, for the log only. */
  readonly cause?: unknown;
  /** Why it was decided so, for the log at DEBUG only: in our words, without anything that a client sent. */
  readonly why?: string;
}

/** An error that a client is told of, by its code in the catalogue. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly challenge: Challenge | undefined;
  readonly why: string | undefined;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    const [status, sentence] = errorCatalogue[code];
    super(options.detail ?? sentence, { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.faults = options.faults ?? [];
    this.challenge = options.challenge;
    this.why = options.why;
    this.headers = {
      ...options.headers,
      ...(options.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(options.retryAfterSeconds) }),
    };
  }
}

/** A 422 for one field: `invalid('/query/cursor', 'is not a cursor of this list')`; the pointer to the whole body is empty. */
export const invalid = (pointer: string, message: string): ApiError =>
  new ApiError('request.invalid', {
    detail: `${pointer === '' ? 'The body' : pointer} ${message}`,
    faults: [{ pointer, message }],
  });
