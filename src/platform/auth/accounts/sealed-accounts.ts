import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Account } from './account.ts';

/** The shape of `Account`: another one wherever that changes, so that releases do not read what others wrote. */
const form = 2;
const macLength = 43;

/** Accounts as text for others to keep, with a MAC: who can write where they are kept makes nobody an owner. */
export class SealedAccounts {
  #keys: readonly Buffer[] = [];

  constructor(secrets: readonly string[]) {
    this.useSecrets(secrets);
  }

  /** The first secret seals; what is sealed with the others is still taken. */
  useSecrets(secrets: readonly string[]): void {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', `brownie remembered accounts ${form}`, 32)),
    );
  }

  seal(account: Account): string {
    const text = JSON.stringify(account);
    const [key] = this.#keys;
    if (key === undefined) {
      throw new Error('accounts are sealed with a secret');
    }
    return mac(key, text) + text;
  }

  /** Undefined for what is not the account of that user under one of the secrets. */
  open(userId: string, sealed: string): Account | undefined {
    const given = Buffer.from(sealed.slice(0, macLength));
    const text = sealed.slice(macLength);
    const isOurs = this.#keys.some((key) => {
      const right = Buffer.from(mac(key, text));
      return right.length === given.length && timingSafeEqual(right, given);
    });
    const account = isOurs ? (JSON.parse(text) as Account) : undefined;
    return account?.id === userId ? account : undefined;
  }
}

const mac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64url');
