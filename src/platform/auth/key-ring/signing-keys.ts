import type { KeyPair } from './key-pair.ts';

/** A key in use. */
export interface SigningKey {
  /** Null for the one key of a service that has no ring. */
  readonly kid: string | null;
  readonly status: 'next' | 'current' | 'previous';
  /** The secret, where it is none of a pair. */
  readonly key: string;
  /** Of EdDSA or RS256. */
  readonly pair?: KeyPair | undefined;
  /** Whether tokens that name no key may be of this one: those that an earlier release issued. */
  readonly acceptsUnnamed: boolean;
}

/** Where tokens find their keys. */
export interface SigningKeys {
  /** The key that signs. Throws where there is none. */
  current(): SigningKey;
  /** The key that a token names; the candidates where it names none. Empty where it is not one of ours. */
  named(kid: string | undefined): readonly SigningKey[];
  /** Every key that is accepted. */
  all(): readonly Pick<SigningKey, 'kid' | 'status' | 'pair'>[];
  /** Looks for keys that others have added; to be tried once where a key is unknown. */
  refresh(): Promise<void>;
}

/** One key that never changes: for tests, and tools without a database. */
export function fixedKey(secret: string): SigningKeys {
  const only: SigningKey = { kid: null, status: 'current', key: secret, acceptsUnnamed: true };
  return {
    current: () => only,
    named: (kid) => (kid === undefined ? [only] : []),
    all: () => [only],
    refresh: () => Promise.resolve(),
  };
}
