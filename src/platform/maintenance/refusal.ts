import { ApiError } from '../errors/api-error.ts';
import type { Maintenance } from './maintenance-rows.ts';

/** For how long clients are sent away where no end is planned. */
const unplannedSeconds = 60;

/** What a client is told whose change is refused: the operator's message, and when to come again. */
export const maintenanceRefusal = (
  { message, secondsLeft }: Pick<Maintenance, 'message' | 'secondsLeft'>,
  cause?: unknown,
): ApiError =>
  new ApiError('service.maintenance', {
    detail: message,
    retryAfterSeconds: secondsLeft === null ? unplannedSeconds : Math.max(1, Math.ceil(secondsLeft)),
    cause,
  });
