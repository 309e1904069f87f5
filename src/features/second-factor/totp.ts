import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
/** Clocks differ, and people type: the codes before and after count, too (RFC 6238, 5.2). */
const window = 1;

/** 160 random bits in base32, as RFC 4226, 4, asks. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({
    issuer: 'Brownie Metadata',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
    secret: Secret.fromBase32(secret),
  });

/** What an authenticator reads, as a link or as a picture. @NOTE SHA-1, six digits, 30 seconds: several know nothing else. */
export const otpauthUri = (secret: string, account: string): string => totpOf(secret, account).toString();

/** The time step that a code is of; undefined for a wrong one. */
export function stepOf(code: string, secret: string, atMs = Date.now()): number | undefined {
  // @NOTE otpauth 9.5 throws for a code that is longer in bytes than in characters.
  if (!/^\d{6}$/.test(code)) {
    return undefined;
  }
  const delta = totpOf(secret).validate({ token: code, timestamp: atMs, window });
  return delta === null ? undefined : Math.floor(atMs / 1_000 / periodSeconds) + delta;
}
