import { createHash } from 'node:crypto';
import { bad, good, type Kind } from './kinds.ts';

/** What stands in the place of a secret. */
export const mask = '********';

/** The first 8 hex digits of a text's SHA-256: enough to tell two secrets apart, useless to find one. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

/** A secret as people may see it: hidden, with its fingerprint. */
export function maskedSecret(secret: string): string {
  return `${mask} (sha256 ${fingerprint(secret)})`;
}

/** A secret taken exactly as written, spaces included. Shown as a mask and its fingerprint. */
export function secretText(expects: string): Kind<string> {
  return {
    expects,
    secret: true,
    parse: (raw) => (raw.trim() === '' ? bad('is blank; give a value or unset it') : good(raw)),
    format: maskedSecret,
  };
}

/** The URL of a Redis: `redis://` or, with TLS, `rediss://`. Shown without user and password. No fault quotes it. */
export function redisUrl(): Kind<string> {
  return {
    expects: 'Redis URL',
    secret: true,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
        return bad('is not a Redis URL; write redis://user:password@host:6379/0, or rediss:// for TLS');
      }
      return good(raw.trim());
    },
    format: (value) => {
      const url = new URL(value);
      return `${url.protocol}//${mask}@${url.host}${url.pathname} (sha256 ${fingerprint(value)})`;
    },
  };
}

/** A token that opens operators' doors: at least 32 characters without spaces. */
export function operatorToken(): Kind<string> {
  return {
    expects: 'token of at least 32 characters',
    secret: true,
    parse: (raw) =>
      /^\S{32,}$/.test(raw.trim())
        ? good(raw.trim())
        : bad('needs at least 32 characters without spaces; make a good one with: openssl rand -base64 32'),
    format: maskedSecret,
  };
}
