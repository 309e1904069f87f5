import { keepNewest } from '../system/keep-newest.ts';
import type { SigningKey, SigningKeys } from './key-ring/index.ts';

/** What was found out about a token, and holds until it expires or its key is retired. */
interface Verified<Subject> {
  readonly subject: Subject;
  /** The key that the token names, and the one that it is signed with. */
  readonly kid: string | undefined;
  readonly key: SigningKey;
  /** As `Date.now()` counts. */
  readonly untilMs: number;
}

const tokensMax = 10_000;

/** The tokens that were verified last, by themselves. @NOTE to hash a token costs as much as to verify it. */
export class VerifiedTokens<Subject> {
  readonly #known = new Map<string, Verified<Subject>>();

  /** What still holds of a token under these keys. */
  find(token: string, keys: SigningKeys): Verified<Subject> | undefined {
    const known = this.#known.get(token);
    if (known === undefined) {
      return undefined;
    }
    if (known.untilMs > Date.now() && keys.named(known.kid).includes(known.key)) {
      return known;
    }
    this.#known.delete(token);
    return undefined;
  }

  keep(token: string, verified: Verified<Subject>): void {
    keepNewest(this.#known, tokensMax, token, verified);
  }
}
