import addFormats from 'ajv-formats';

/** What an instant that is sent must be, in words for a person. */
export const instantRule =
  'must be a valid date-time of the years 1 to 9999 in UTC, with at most microseconds';

const { validate } = addFormats.default.get('date-time') as { validate: (text: string) => boolean };

/** Instants that cannot be stored, or not be given back: RFC 3339 writes the years 1 to 9999 only. */
const unstorable = [
  // @NOTE a leap second is the next day to PostgreSQL.
  /:60(?:\.|Z|z|[+-])/,
  /^0000/,
  // @NOTE an offset may move the first and the last day out of those years, and rounding to milliseconds the last moment.
  /^0001-01-01.*\+(?!00(:?00)?$)/s,
  /^9999-12-31.+-(?!00(:?00)?$)/s,
  /^9999-12-31.*\.\d{4}/s,
  // @NOTE PostgreSQL rounds to microseconds.
  /\.\d{6}\d*[1-9]/,
  // @NOTE PostgreSQL reads offsets of less than 16 hours.
  /[+-](1[6-9]|2\d)(:?\d\d)?$/,
];

/** Whether a text is a date-time (RFC 3339) that can be stored and given back. */
export const isInstant = (text: string): boolean =>
  validate(text) && !unstorable.some((pattern) => pattern.test(text));
