import { InvalidArgumentError } from 'commander';

/** Reads an option that is a moment: `2026-11-25T14:00Z`, with its time zone. Not one that is still to come. */
export function pastTime(text: string): Date {
  const moment = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('It must be a moment with its time zone, like 2026-11-25T14:00Z.');
  }
  if (moment.getTime() > Date.now()) {
    throw new InvalidArgumentError('It must not lie in the future.');
  }
  return moment;
}
