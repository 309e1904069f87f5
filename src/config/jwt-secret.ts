import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from './files.ts';

const ownerOnly = 0o600;

/** A new secret: 384 random bits as 64 characters of base64url, long enough for HS512 (RFC 7518, section 3.2). */
export function newJwtSecret(): string {
  return randomBytes(48).toString('base64url');
}

const fileIn = (folder: string): string => join(folder, 'jwt-secret');

/**
 * The secret in `<folder>/jwt-secret`; undefined where none was made yet. Looks, and changes nothing.
 *
 * Throws the system error where it cannot be read, and `DamagedSecretError` where the file holds no secret.
 */
export function keptJwtSecret(folder: string): string | undefined {
  try {
    const secret = readFileSync(fileIn(folder), 'utf8').trim();
    if (secret.length < 32) {
      throw new DamagedSecretError();
    }
    return secret;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * As `keptJwtSecret`; the first call makes it, folder included. The file is readable by its owner alone (0600,
 * restored where it is wider) and appears whole or not at all: of processes that start together, one makes it and
 * all return it.
 */
export function keepJwtSecret(folder: string): string {
  const path = fileIn(folder);
  if (keptJwtSecret(folder) === undefined) {
    mkdirSync(folder, { recursive: true });
    place(newJwtSecret(), path);
  }
  const kept = keptJwtSecret(folder);
  if (kept === undefined) {
    throw new DamagedSecretError();
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    chmodSync(path, ownerOnly);
  }
  return kept;
}

/** Writes aside, then links: unlike a rename, a link never replaces the secret another process has placed. */
function place(secret: string, path: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = openSync(aside, 'wx', ownerOnly);
  try {
    writeSync(file, `${secret}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  } finally {
    unlinkSync(aside);
  }
}

/** The kept file holds less than a secret, or vanished as soon as it was placed. */
export class DamagedSecretError extends Error {
  override readonly name = 'DamagedSecretError';
}
