/** Whether If-None-Match names one of these tags. Compares weakly (RFC 9110, 13.1.2): proxies that compress make a tag weak. */
export const isKnown = (header = '', tags: readonly string[]): boolean =>
  header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tags.includes(tag));
