import { createSigner, createVerifier } from 'fast-jwt';
import { v7 as uuidv7 } from 'uuid';
import { leewaySeconds, type SigningKey, type SigningKeys } from './key-ring/index.ts';

export interface TokenOptions {
  readonly keys: SigningKeys;
  readonly algorithm: 'HS256' | 'HS384' | 'HS512';
  readonly expiresMinutes: number;
  /** Told how old the key of each token is: `unknown` where it names none of ours. */
  readonly onVerified?: (keyStatus: SigningKey['status'] | 'unknown') => void;
}

/** What an access token says of its user (contract v1); roles in it are information, never authority. */
export interface TokenSubject {
  readonly userId: string;
  readonly orgId: string;
  readonly email: string;
  readonly roles: readonly string[];
}

export interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'bearer';
  /** Seconds. */
  readonly expires_in: number;
}

const verifiedTokensMax = 10_000;

/** The user and organization that a token names. */
export interface VerifiedSubject {
  readonly userId: string;
  readonly orgId: string;
}

interface Machine {
  readonly sign: (claims: object) => string;
  readonly verify: (token: string) => unknown;
}

/** Issues and verifies access tokens: JWTs (RFC 7519) under one pinned algorithm (RFC 8725, 3.1). */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #expiresSeconds: number;
  /** @NOTE a key that is retired takes its cache of verified tokens with it. */
  readonly #machines = new WeakMap<SigningKey, Machine>();

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#expiresSeconds = options.expiresMinutes * 60;
  }

  issue(subject: TokenSubject): AccessToken {
    const { userId, orgId, email, roles } = subject;
    const { sign } = this.#machineOf(this.#options.keys.current());
    return {
      access_token: sign({ sub: userId, org_id: orgId, email, roles, jti: uuidv7() }),
      token_type: 'bearer',
      expires_in: this.#expiresSeconds,
    };
  }

  /** Whom a valid token names, else undefined; a promise only where its key has to be looked for. */
  verify(token: string): VerifiedSubject | undefined | Promise<VerifiedSubject | undefined> {
    const parts = token.split('.');
    const kid = parts.length === 3 && parts.every(isCanonical) ? kidOf(parts[0] ?? '') : null;
    if (kid === null) {
      return undefined;
    }
    const { keys } = this.#options;
    const found = keys.named(kid);
    return found.length > 0 || kid === undefined
      ? this.#verifyWith(found, token)
      : keys.refresh().then(() => this.#verifyWith(keys.named(kid), token));
  }

  #verifyWith(keys: readonly SigningKey[], token: string): VerifiedSubject | undefined {
    this.#options.onVerified?.(keys[0]?.status ?? 'unknown');
    for (const key of keys) {
      const claims = this.#claimsUnder(key, token);
      if (claims !== undefined) {
        return claims;
      }
    }
    return undefined;
  }

  #claimsUnder(key: SigningKey, token: string): VerifiedSubject | undefined {
    try {
      const { sub, org_id: orgId } = this.#machineOf(key).verify(token) as { sub: unknown; org_id: unknown };
      return isUuid(sub) && isUuid(orgId) ? { userId: sub, orgId } : undefined;
    } catch {
      return undefined;
    }
  }

  #machineOf(key: SigningKey): Machine {
    const made = this.#machines.get(key);
    if (made !== undefined) {
      return made;
    }
    const { algorithm } = this.#options;
    const machine = {
      sign: createSigner({
        key: key.key,
        algorithm,
        expiresIn: this.#expiresSeconds * 1000,
        ...(key.kid === null ? {} : { kid: key.kid }),
      }),
      verify: createVerifier({
        key: key.key,
        algorithms: [algorithm],
        clockTolerance: leewaySeconds * 1000,
        cache: verifiedTokensMax,
        requiredClaims: ['sub', 'org_id', 'exp'],
      }),
    };
    this.#machines.set(key, machine);
    return machine;
  }
}

/** The key that a header names, undefined where it names none, null where it is no header. */
function kidOf(header: string): string | undefined | null {
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return kid === undefined || typeof kid === 'string' ? kid : null;
  } catch {
    return null;
  }
}

// @NOTE base64url has several spellings of the same bytes: padding, and other last characters. Ours is the canonical one.
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
