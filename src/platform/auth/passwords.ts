import argon2 from '@node-rs/argon2';
import { WorkQueue, type WorkQueueObserver } from './work-queue.ts';

/** What a hash takes. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** As OWASP ASVS 5 appendix C asks of Argon2id. */
const standardCost: PasswordCost = { memoryKib: 19_456, iterations: 2, parallelism: 1 };

export interface PasswordsOptions {
  readonly cost?: PasswordCost | undefined;
  readonly observer?: WorkQueueObserver | undefined;
}

/** Hashes and verifies passwords, a few at once: each takes a thread of libuv's few, and its memory. */
export class Passwords {
  readonly queue: WorkQueue;
  readonly #parameters: argon2.Options;
  /** How a hash with these parameters begins (PHC string format). */
  readonly #prefix: string;
  readonly #decoy: Promise<string>;

  constructor({ cost = standardCost, observer }: PasswordsOptions = {}) {
    const { memoryKib, iterations, parallelism } = cost;
    this.queue = new WorkQueue(observer);
    this.#parameters = { memoryCost: memoryKib, timeCost: iterations, parallelism, outputLen: 32 };
    this.#prefix = `$argon2id$v=19$m=${memoryKib},t=${iterations},p=${parallelism}$`;
    this.#decoy = argon2.hash('no account has this password', this.#parameters);
  }

  hash(password: string): Promise<string> {
    return this.queue.run(() => argon2.hash(normalize(password), this.#parameters));
  }

  /** Compares, with the parameters that the hash was made with; takes as long as a hash of today where there is none to compare with. */
  verify(
    password: string,
    passwordHash: string | null | undefined,
    turn: { readonly isUrgent?: boolean } = {},
  ): Promise<boolean> {
    return this.queue.run(async () => {
      const isRight = await argon2.verify(passwordHash ?? (await this.#decoy), normalize(password));
      return isRight && passwordHash != null;
    }, turn);
  }

  /** Whether a hash was made with these parameters. */
  isCurrent(passwordHash: string): boolean {
    return passwordHash.startsWith(this.#prefix);
  }
}

/** One form for passwords that look the same (NIST SP 800-63B-4, 3.1.1.2). */
const normalize = (password: string): string => password.normalize('NFC');
