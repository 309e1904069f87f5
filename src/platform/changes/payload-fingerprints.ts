import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** What a payload is known by: the first is kept, any of them stands for it. */
export type Fingerprint = readonly [Buffer, ...Buffer[]];

const secretName = /passw|passphrase|secret|token/i;

/**
 * Knows payloads again without keeping them: HMAC-SHA256 under a key of the service's own, so that who reads the table can try nothing against
 * it; fields that hold secrets are left out, so that not even the service could.
 */
export class PayloadFingerprints {
  #keys: readonly Buffer[] = [];

  constructor(secrets: readonly string[]) {
    this.useSecrets(secrets);
  }

  /** The first secret makes; payloads are known by the others, too, so that changing a secret breaks no retry. */
  useSecrets(secrets: readonly string[]): void {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', 'brownie payload fingerprints', 32)),
    );
  }

  of(payload: unknown): Fingerprint {
    const text = JSON.stringify(payload ?? null, (name, value) =>
      secretName.test(name) && typeof value === 'string' ? undefined : value,
    );
    const [first, ...others] = this.#keys.map((key) => createHmac('sha256', key).update(text).digest());
    if (first === undefined) {
      throw new Error('there is no key for fingerprints');
    }
    // @NOTE as the release before kept them, which an update must not forget.
    const unkeyed = createHash('sha256')
      .update(JSON.stringify(payload ?? null))
      .digest();
    return [first, ...others, unkeyed];
  }
}
