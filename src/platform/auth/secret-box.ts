import { unwrapKey, wrapKey } from './key-ring/index.ts';

/** A secret as the database has it: encrypted, and the key that opens it. */
export interface SealedSecret {
  readonly keyId: string;
  readonly text: string;
}

/** Encrypts what the service must read again, each for one place: copied to another one, it cannot be opened. */
export interface SecretBox {
  seal(secret: string, place: string): SealedSecret;
  /** Undefined where the key is not there any more, or it is damaged. */
  unseal(sealed: SealedSecret, place: string): Promise<string | undefined>;
}

/** A box with one key that never changes: for tests, and tools without a database. */
export const fixedBox = (keyId: string, key: string): SecretBox => ({
  seal: (secret, place) => ({ keyId, text: wrapKey(secret, place, key) }),
  unseal: async (sealed, place) => (sealed.keyId === keyId ? unwrapKey(sealed.text, place, key) : undefined),
});
