/**
 * Whether two e-mail addresses are one but for the case of ASCII letters. @NOTE stricter than `email_key` of the database, on
 * purpose: under full case folding `K` (Kelvin sign) is `k`, and whoever owns the one domain or mailbox does not own the other.
 */
export const isSameAddress = (one: string, other: string): boolean =>
  addressShape.test(one) && asciiLowerCased(one) === asciiLowerCased(other);

// biome-ignore lint/suspicious/noControlCharactersInRegex: what PostgreSQL cannot hold must not reach it
const addressShape = /^[^@\s\u0000]+@[^@\s\u0000]+\.[^@\s\u0000]+$/;

const asciiLowerCased = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
