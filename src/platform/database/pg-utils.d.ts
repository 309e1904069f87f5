declare module 'pg/lib/utils.js' {
  const utils: {
    /** The text, or the bytes, by which pg hands a value to PostgreSQL; null for null and undefined. */
    prepareValue(value: unknown): unknown;
  };
  export = utils;
}
