import argon2 from '@node-rs/argon2';
import { ApiError } from '../errors/api-error.ts';

/** What a hash takes. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** As OWASP ASVS 5 appendix C asks of Argon2id. */
const standardCost: PasswordCost = { memoryKib: 19_456, passes: 2 };

const runningMax = 2;
const waitingMax = 50;

/**
 * Hashes and verifies passwords, at most two at once (each takes a thread of libuv's few and 19 MiB); past a queue of
 * 50 it answers 503, so that a storm of logins does not stop everything else.
 */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #parameters: argon2.Options;
  readonly #decoy: Promise<string>;

  constructor({ memoryKib, passes } = standardCost) {
    this.#parameters = { memoryCost: memoryKib, timeCost: passes, parallelism: 1, outputLen: 32 };
    this.#decoy = argon2.hash('no account has this password', this.#parameters);
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => argon2.hash(normalize(password), this.#parameters));
  }

  /** Compares; takes the same time where there is no hash to compare with. */
  verify(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const isRight = await argon2.verify(passwordHash ?? (await this.#decoy), normalize(password));
      return isRight && passwordHash != null;
    });
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= runningMax) {
      if (this.#waiting.length >= waitingMax) {
        throw new ApiError('service.overloaded', { retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next();
      }
    }
  }
}

/** One form for passwords that look the same (NIST SP 800-63B-4, 3.1.1.2). */
const normalize = (password: string): string => password.normalize('NFC');
