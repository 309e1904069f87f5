import pg from 'pg';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { maintenanceRefusal } from '../maintenance/refusal.ts';

/** What a feature says of its own constraints: `{ teams_name_key: 'team.name_taken' }`. */
export type ConstraintErrors = Readonly<Record<string, ErrorCode>>;

/** SQLSTATEs by which the database says "not now" rather than "wrong" (PostgreSQL manual, appendix A). */
const passing = [
  /^08/, // connection exceptions
  /^53/, // insufficient resources: connections, memory, disk
  /^57(014|P0[1-5])$/, // cancelled by statement_timeout, shutting down, starting up
  /^25(006|P03)$/, // a read-only server after a failover, idle-in-transaction timeout
  /^40(001|P01)$/, // serialization failure, deadlock
  /^55P03$/, // lock_timeout
];
const passingMessages =
  /timeout|terminated|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|not queryable|Client was closed|Cannot use a pool/;

/** True where the same request may well succeed a little later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    return passing.some((pattern) => pattern.test(error.code ?? ''));
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof Error && passingMessages.test(`${code} ${error.message}`);
}

/** The SQLSTATE of a change during maintenance: see migrations/0008-maintenance.sql. */
const inMaintenance = 'MT503';

/** SQLSTATEs of values that passed the schemas and that the database refuses all the same: out of range, a CHECK. */
const refusedValue = /^(22...|23514)$/;

/**
 * The API's error for what the driver threw: the feature's own code for its constraints, 503 for maintenance and faults that pass,
 * 422 for values that only the database could refuse; everything else comes back as it was and ends as a 500.
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
  if (error instanceof pg.DatabaseError && refusedValue.test(error.code ?? '')) {
    return new ApiError('request.invalid', { detail: 'A value is outside what can be stored', cause: error });
  }
  if (!(error instanceof ApiError) && isPassing(error)) {
    return new ApiError('service.unavailable', { retryAfterSeconds: 1, cause: error });
  }
  return error;
}

/** True where the connection that threw this must not be used again. */
export const spoilsConnection = (error: unknown): boolean =>
  !(error instanceof ApiError) &&
  !(error instanceof pg.DatabaseError && !/^(08|57P|25006)/.test(error.code ?? ''));
