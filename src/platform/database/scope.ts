import { ApiError } from '../errors/api-error.ts';

/**
 * Whose rows a statement may touch. Row-level security reads it from transaction-local settings; what is not named
 * here is set to the empty string, never inherited from an earlier user of the connection.
 */
export interface Scope {
  /** The tenant. */
  readonly orgId?: string;
  /** The caller's own rows, in any organization. */
  readonly userId?: string;
  /** The one user who logs in with this address. */
  readonly loginEmail?: string;
}

/** The name under which each connection has `scopeSettings` prepared. */
export const scopeStatement = 'scope';

/** Sets the scope for one transaction; parameters: the three values of `scopeValues`. */
export const scopeSettings =
  "select set_config('app.org_id', $1, true), set_config('app.user_id', $2, true), set_config('app.login_email', $3, true)";

/** The parameters of `scopeSettings`. Ids must be UUIDs. */
export function scopeValues(scope: Scope): readonly [string, string, string] {
  for (const id of [scope.orgId, scope.userId]) {
    if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      throw new ApiError('service.internal', { cause: new Error('the scope of a statement is not a UUID') });
    }
  }
  return [scope.orgId ?? '', scope.userId ?? '', scope.loginEmail ?? ''];
}
