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

/** The scope of a tenant's rows. */
export interface TenantScope extends Scope {
  readonly orgId: string;
}

/** The name under which each connection has `scopeSettings` prepared. */
export const scopeStatement = 'scope';

/** Sets the scope for one transaction; parameters: the values of `scopeValues`. */
export const scopeSettings =
  "select set_config('app.org_id', $1, true), set_config('app.user_id', $2, true), set_config('app.login_email', $3, true), set_config('application_name', $4, true)";

/** What PostgreSQL calls a connection of ours that works for no request. */
export const applicationName = 'brownie-metadata-api';

/**
 * The parameters of `scopeSettings`. Ids must be UUIDs. The request's id goes where PostgreSQL shows it: in
 * pg_stat_activity and, as `%a` of log_line_prefix, in its log. It keeps 63 bytes: 55 characters of the id.
 */
export function scopeValues(scope: Scope, requestId: string | undefined): readonly string[] {
  for (const id of [scope.orgId, scope.userId]) {
    if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      throw new ApiError('service.internal', { cause: new Error('the scope of a statement is not a UUID') });
    }
  }
  const name = requestId === undefined ? applicationName : `brownie/${requestId}`;
  return [scope.orgId ?? '', scope.userId ?? '', scope.loginEmail ?? '', name];
}
