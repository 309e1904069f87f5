import { InvalidArgumentError } from 'commander';

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Reads an option that is a moment to come: `30m`, `+2h`, `2026-03-01T04:30:00Z`. Answers RFC 3339 in UTC; anything else, and a
 * moment that has passed, is wrong usage.
 */
export function futureTime(text: string, now = Date.now()): string {
  const moment = readMoment(text, now);
  if (Number.isNaN(moment)) {
    throw new InvalidArgumentError('It must be like 30m, 2h or 2026-03-01T04:30:00Z.');
  }
  if (moment <= now) {
    throw new InvalidArgumentError('It must be a moment to come.');
  }
  return new Date(moment).toISOString();
}

function readMoment(text: string, now: number): number {
  const [, amount, unit = ''] = /^\+?(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) {
    return now + Number(amount) * (secondsOf[unit] ?? Number.NaN) * 1000;
  }
  // @NOTE with its zone: what an operator's own machine takes a time for may be hours away.
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}
