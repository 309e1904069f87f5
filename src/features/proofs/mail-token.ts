import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, as 43 characters of base64url: a token that goes out by mail. */
export const newMailToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of it: its SHA-256, in hexadecimal. There is nothing to guess in 256 random bits, so no slow hash. */
export const mailTokenHash = (token: string): string => hash('sha256', token);
