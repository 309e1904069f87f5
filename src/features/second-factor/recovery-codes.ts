import { createHash, randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
const length = 16;

/** 80 random bits, in letters that nobody takes for another: `xxxx-xxxx-xxxx-xxxx`. */
const newCode = (): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length])
    .join('')
    .replace(/(.{4})(?!$)/g, '$1-');

export const newRecoveryCodes = (): string[] => Array.from({ length: 10 }, newCode);

/** What the database knows a code by, however it is typed. @NOTE a fast hash is enough for what nobody can guess. */
export const recoveryCodeHash = (code: string): Buffer =>
  createHash('sha256').update(code.toLowerCase().replace(/[\s-]/g, '')).digest();
