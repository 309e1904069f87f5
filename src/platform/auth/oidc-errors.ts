/** An answer of a provider that proves nothing. `reason` is one of few words, for the log. */
export class OidcRefusal extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(`single sign-on was refused: ${reason}`);
    this.name = 'OidcRefusal';
    this.reason = reason;
  }
}

/** Errors that OAuth and OpenID Connect name (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6). */
const named: ReadonlySet<unknown> = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
]);

/**
 * What went wrong, in words of ours or of the standards. @NOTE never a message or a cause: they hold claims, tokens and pieces of
 * replies, and an `error` in a callback is whatever its sender wrote.
 */
export function reasonOf(error: unknown): string {
  const { error: oauth, code, cause } = error as { error?: unknown; code?: unknown; cause?: unknown };
  if (oauth !== undefined) {
    return named.has(oauth) ? String(oauth) : 'unknown_error';
  }
  const { code: inner } = (cause ?? {}) as { code?: unknown };
  const codes = [code, inner].filter(
    (each) => typeof each === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(each),
  );
  return codes.length === 0 ? 'unexpected_error' : [...new Set(codes)].join(', ');
}

const outages: ReadonlySet<unknown> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_PARSE_ERROR',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
]);
/** @NOTE of the token endpoint: our id or secret is not what the provider has, which no user can mend. */
const misconfigured: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client']);

/** Whether the provider did not do its part, as against: answered, and the answer proves nothing. */
export function isProvidersFault(error: unknown): boolean {
  const { code, error: oauth } = error as { code?: unknown; error?: unknown };
  // @NOTE fetch tells of a broken connection by a TypeError without a code.
  const isDisconnected = error instanceof TypeError && code === undefined;
  return (
    isDisconnected || outages.has(code) || (code === 'OAUTH_RESPONSE_BODY_ERROR' && misconfigured.has(oauth))
  );
}
