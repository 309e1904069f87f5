import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

const keyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'brownie mails that wait', 32));

/**
 * Keeps mails that wait unreadable to whoever reads the database: they hold tokens of which it has the hash alone. AES-256-GCM under a key of the
 * service's own, bound to the mail's id.
 */
export class MailSeal {
  #keys: readonly Buffer[] = [];

  /** @param secrets the first seals, any of them opens */
  constructor(secrets: readonly string[]) {
    this.useSecrets(secrets);
  }

  useSecrets(secrets: readonly string[]): void {
    this.#keys = secrets.map(keyOf);
  }

  /** Base64 of nonce, tag and text. */
  seal(text: string, id: string): string {
    const [key] = this.#keys;
    if (key === undefined) {
      throw new Error('there is no key to seal mails with');
    }
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** The text; undefined where it was sealed under a secret that is none any more, for another mail, or is damaged. */
  open(sealed: string, id: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < ivBytes + tagBytes) {
      return undefined;
    }
    for (const key of this.#keys) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(id))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        return (
          decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch {
        // @NOTE sealed under the other one, then.
      }
    }
    return undefined;
  }
}
