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
    // @NOTE one that is there keeps its mode.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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

/** The command that makes a good secret. */
export const makeSecretCommand = 'openssl rand -base64 32';

export const secretLengthMin = 32;

/**
 * What placeholders, examples in documentation and sequences on a keyboard are made of. None of it can be
 * spelled in hexadecimal digits, and none is short enough to be likely in base64.
 */
const placeholderWords = `
  abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm 1234567890 0123456789 keyboardcat development
  placeholder production characters something password changeme changeit security metadata insecure defaults
  default example replace brownie staging testing letmein private minimum length change please secret secure
  random string sample should qwerty token super least local value never here your must this that with long test
  demo prod bits some very hs256 jwt key for the not use
`
  .trim()
  .split(/\s+/);

const randomLengthMin = 22;
const distinctMin = 8;

/** Why a secret must not guard a production service, as the rest of a sentence; `undefined` for a good one. */
export function weakness(secret: string): string | undefined {
  const length = [...secret].length;
  if (length < secretLengthMin) {
    return `has ${length} characters and needs at least ${secretLengthMin}`;
  }
  const essence = withoutPlaceholders(secret);
  const weak =
    essence.length < randomLengthMin ||
    new Set(secret).size < distinctMin ||
    isRepetition(secret) ||
    isSequence(secret);
  return weak ? 'is a known example or can be guessed' : undefined;
}

/** A strong secret stays strong behind a word: `prod-key-` and 44 random characters are fine. */
function withoutPlaceholders(secret: string): string {
  const letters = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return placeholderWords.reduce((rest, word) => rest.replaceAll(word, ''), letters);
}

/** Whether a unit shorter than a random secret, told again and again, makes up the whole. */
function isRepetition(secret: string): boolean {
  for (let period = 1; period < randomLengthMin && period <= secret.length / 2; period += 1) {
    if (secret.slice(period) === secret.slice(0, -period)) {
      return true;
    }
  }
  return false;
}

/**
 * Whether more than six in ten characters follow their predecessor (`abcd`, `4321`, `aaaa`). @NOTE half of them do in one of
 * some 400,000 random secrets in hexadecimal, six in ten in one of 100 million.
 */
function isSequence(secret: string): boolean {
  const codes = Array.from(secret, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1);
  return steps.length > codes.length * 0.6;
}
