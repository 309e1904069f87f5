import pg from 'pg';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { maintenanceRefusal } from '../maintenance/refusal.ts';
import { type FailureKind, failureOf } from './database-failures.ts';

/** What a feature says of its own constraints: `{ teams_name_key: 'team.name_taken' }`. */
export type ConstraintErrors = Readonly<Record<string, ErrorCode>>;

/** True where the same request may well succeed a little later. */
export const isPassing = (error: unknown): boolean => failureOf(error)?.passes === true;

/** The SQLSTATE of a change during maintenance: see migrations/0008-maintenance.sql. */
const inMaintenance = 'MT503';

/** The SQLSTATE of a change where nothing may change: see migrations/0020-inactive.sql. */
const whereInactive = 'IA403';

/**
 * SQLSTATEs of values that passed the schemas and that the database cannot hold: out of range. @NOTE no CHECK (23514): it guards what the
 * schemas and rules before it hold already, so that whoever meets one met a mistake of ours.
 */
const unstorableValue = /^22...$/;

/**
 * The API's error for what the driver threw: the feature's own code for its constraints, 503 for maintenance and faults that pass,
 * 422 for values that cannot be stored; everything else, a CHECK that no feature speaks for among it, comes back as it was and ends as a 500.
 */
export function translate(error: unknown, constraints: ConstraintErrors): unknown {
  if (error instanceof pg.DatabaseError && error.constraint !== undefined) {
    const code = constraints[error.constraint];
    if (code !== undefined) {
      return new ApiError(code, { cause: error });
    }
  }
  if (error instanceof pg.DatabaseError && error.code === inMaintenance) {
    const secondsLeft = error.detail ? Number(error.detail) : null;
    return maintenanceRefusal({ message: error.message, secondsLeft }, error);
  }
  if (error instanceof pg.DatabaseError && error.code === whereInactive) {
    const code = error.message === 'team' ? 'team.inactive' : 'organization.inactive';
    return new ApiError(code, { cause: error });
  }
  if (error instanceof pg.DatabaseError && unstorableValue.test(error.code ?? '')) {
    return new ApiError('request.invalid', { detail: 'A value is outside what can be stored', cause: error });
  }
  if (!(error instanceof ApiError) && isPassing(error)) {
    return new ApiError('service.unavailable', { retryAfterSeconds: 1, cause: error });
  }
  return error;
}

/**
 * What the server says of the connection itself, and what another one may do: after a failover the old server is read-only, and a
 * new connection has no plans.
 */
const spoiling: readonly (FailureKind | undefined)[] = [
  'connection_fault',
  'not_running',
  'read_only',
  'outdated_plan',
];

/** True where the connection that threw this must not be used again: after all that the server did not say itself, too. */
export const spoilsConnection = (error: unknown): boolean =>
  !(error instanceof ApiError) &&
  (!(error instanceof pg.DatabaseError) || spoiling.includes(failureOf(error)?.kind));
