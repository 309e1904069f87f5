import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** Which secret this is, without saying it: the first 8 hex digits of its SHA-256. */
export const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 8);

/** The id of the key that is a configured secret itself. */
export const kidOf = (secret: string): string =>
  createHash('sha256').update(`kid ${secret}`).digest('hex').slice(0, 16);

const encryptionKey = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'brownie jwt key encryption', 32));

/** Encrypts a key under a secret (AES-256-GCM), bound to its id: base64url of nonce, tag and text. */
export function wrapKey(key: string, kid: string, secret: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(secret), iv).setAAD(Buffer.from(kid));
  const text = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
}

/** The key, or undefined where it was encrypted under another secret, for another id, or is damaged. */
export function unwrapKey(wrapped: unknown, kid: string, secret: string): string | undefined {
  if (typeof wrapped !== 'string') {
    return undefined;
  }
  const bytes = Buffer.from(wrapped, 'base64url');
  const iv = bytes.subarray(0, ivBytes);
  const tag = bytes.subarray(ivBytes, ivBytes + tagBytes);
  if (tag.length < tagBytes) {
    return undefined;
  }
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(secret), iv, { authTagLength: tagBytes })
    .setAAD(Buffer.from(kid))
    .setAuthTag(tag);
  try {
    return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

/** A new key: 384 random bits, enough for HS512 (RFC 7518, section 3.2). */
export const newKey = (): string => randomBytes(48).toString('base64url');
export const newKid = (): string => randomBytes(8).toString('hex');
