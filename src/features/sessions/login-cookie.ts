import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 in hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** 256 random bits. */
export const randomText = (): string => randomBytes(32).toString('base64url');

export interface CookieOptions {
  /** Of the login that the cookie belongs to: several may be under way in one browser. */
  readonly stateHash: string;
  /** Whether the service is reached by HTTPS. @NOTE browsers take neither Secure nor `__Host-` over plain HTTP. */
  readonly isSecure: boolean;
}

const nameOf = ({ stateHash, isSecure }: CookieOptions): string =>
  `${isSecure ? '__Host-' : ''}brownie-login-${stateHash.slice(0, 16)}`;

/** The Set-Cookie that binds a login to the browser that begins it. Lax: it comes along when the provider sends the browser back. */
export const setLoginCookie = (value: string, maxAgeSeconds: number, options: CookieOptions): string =>
  `${nameOf(options)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${options.isSecure ? '; Secure' : ''}`;

/** Whether the Cookie header holds the value with this hash. */
export function holdsLoginCookie(header: string | undefined, hash: string, options: CookieOptions): boolean {
  const name = `${nameOf(options)}=`;
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(name))
    .map((pair) => pair.slice(name.length));
  return values.some((value) => timingSafeEqual(Buffer.from(sha256(value)), Buffer.from(hash)));
}
