import { createHash, createHmac, randomBytes } from 'node:crypto';

const prefix = 'brf_';
const partBytes = 32;

/**
 * What a session is gone on with: `brf_` and base64url of two secrets of 256 bits. The first belongs to the session for good, so that any of its
 * tokens, however old, is known as one of them; the second is another one after each refresh.
 */
export interface RefreshToken {
  readonly family: Buffer;
  readonly secret: Buffer;
}

export const newRefreshToken = (): RefreshToken => ({
  family: randomBytes(partBytes),
  secret: randomBytes(partBytes),
});

export const newNonce = (): Buffer => randomBytes(partBytes);

/** The one that follows, by a nonce: whoever has the token and the nonce makes the same one again, and neither alone says anything of it. */
export const successorOf = ({ family, secret }: RefreshToken, nonce: Buffer): RefreshToken => ({
  family,
  secret: createHmac('sha256', secret).update(nonce).digest(),
});

export const refreshTokenText = ({ family, secret }: RefreshToken): string =>
  `${prefix}${Buffer.concat([family, secret]).toString('base64url')}`;

/** Undefined for what is none, in its one spelling. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
  const token = { family: bytes.subarray(0, partBytes), secret: bytes.subarray(partBytes) };
  return bytes.length === 2 * partBytes && refreshTokenText(token) === text ? token : undefined;
}

/** What the database knows a secret by. */
export const refreshHash = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();
