import type { ErrorCode } from './generated/error-codes.ts';
import type { components } from './generated/schema.ts';

/** A problem document (RFC 9457), as the service words it. */
export type Problem = components['schemas']['Problem'];

/**
 * What goes wrong on the way: nobody answered, or not in time; something that is none of the service's replies came, as a proxy's
 * page; what the `If-None-Match` names is what there is.
 */
export type TransportCode =
  | 'client.unreachable'
  | 'client.timeout'
  | 'client.unexpected_reply'
  | 'client.not_modified';

/** The codes that this version knows; a newer service may have more. */
export type KnownCode = ErrorCode | TransportCode;

export interface ErrorDetails {
  readonly status?: number;
  readonly problem?: Problem;
  readonly requestId?: string;
  /** How long the reply asks to wait. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** What every call rejects with, unless the caller's own signal ended it: then it is that signal's reason. */
export class BrownieError extends Error {
  override readonly name = 'BrownieError';
  readonly code: KnownCode | (string & {});
  /** The HTTP status; undefined where there was no reply. */
  readonly status: number | undefined;
  /** The whole document, with `errors` for the fields at fault. */
  readonly problem: Problem | undefined;
  /** To be quoted when the error is reported. */
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How often it was tried. More than once: an earlier attempt may have done what this one is refused for. */
  attempts = 1;

  constructor(code: KnownCode | (string & {}), message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.problem = details.problem;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Whether a call was refused with one of these codes, which TypeScript then knows. */
export const hasCode = <Code extends KnownCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is BrownieError & { readonly code: Code } =>
  error instanceof BrownieError && codes.some((code) => code === error.code);
