import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const prefix = 'brw_';
/** 62^43 is a little more than 2^256. */
const randomLength = 43;
const checksumLength = 6;
const form = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** The CRC-32 of the text before it, as GitHub's tokens carry one: base 62, padded. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = '';
  for (let index = 0; index < checksumLength; index += 1) {
    checksum = `${digits[rest % 62]}${checksum}`;
    rest = Math.floor(rest / 62);
  }
  return checksum;
}

/** A new key: `brw_`, 256 random bits, a checksum; 53 characters of ASCII, one word to whoever double-clicks it. */
export function newApiKey(): string {
  const random = Array.from({ length: randomLength }, () => digits[randomInt(62)]).join('');
  return `${prefix}${random}${checksumOf(`${prefix}${random}`)}`;
}

/** Whether a bearer token means to be a key, rather than an access token. */
export const looksLikeApiKey = (token: string): boolean => token.startsWith(prefix);

/** Whether a key can be one: a mistyped one is found out here, without a look-up. */
export const isApiKey = (token: string): boolean =>
  form.test(token) && checksumOf(token.slice(0, -checksumLength)) === token.slice(-checksumLength);

/**
 * What is kept of a key: its SHA-256, in hexadecimal. @NOTE no Argon2: that makes guesses of what people choose dear, and there is nothing to guess
 * in 256 random bits; each request would pay for it.
 */
export const apiKeyHash = (key: string): string => hash('sha256', key);
