/** A time as it was sent, for columns that keep milliseconds. */
export interface ExactTime {
  /** To the millisecond before or at it, in the offset that it was sent with. */
  readonly milliseconds: string;
  /** All of it, where it is in microseconds; null where `milliseconds` says it all. */
  readonly exact: string | null;
}

/** Takes a date-time of RFC 3339 apart. @NOTE PostgreSQL would round it to milliseconds, half of the time into another second. */
export function exactTime(text: string): ExactTime {
  const [, before, rest = '', offset] = /^(.*\.\d{3})(\d+)(\D.*)$/.exec(text) ?? [];
  return /[1-9]/.test(rest)
    ? { milliseconds: `${before}${offset}`, exact: text }
    : { milliseconds: text, exact: null };
}

/** A time of a reply, in UTC, without its microseconds: what lists are sorted by. */
export const toMilliseconds = (time: string): string => time.replace(/(\.\d{3})\d+Z$/, '$1Z');
