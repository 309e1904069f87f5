import { createSigner, createVerifier } from 'fast-jwt';
import { v7 as uuidv7 } from 'uuid';

export interface TokenOptions {
  readonly secret: string;
  readonly algorithm: 'HS256' | 'HS384' | 'HS512';
  readonly expiresMinutes: number;
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

const clockToleranceMs = 60_000;
const verifiedTokensMax = 10_000;

/** Issues and verifies access tokens: JWTs (RFC 7519) under one pinned algorithm (RFC 8725, 3.1). */
export class Tokens {
  readonly #sign: (claims: object) => string;
  readonly #verify: (token: string) => unknown;
  readonly #expiresSeconds: number;

  constructor(options: TokenOptions) {
    const { secret, algorithm } = options;
    this.#expiresSeconds = options.expiresMinutes * 60;
    this.#sign = createSigner({ key: secret, algorithm, expiresIn: this.#expiresSeconds * 1000 });
    this.#verify = createVerifier({
      key: secret,
      algorithms: [algorithm],
      clockTolerance: clockToleranceMs,
      cache: verifiedTokensMax,
      requiredClaims: ['sub', 'org_id', 'exp'],
    });
  }

  issue(subject: TokenSubject): AccessToken {
    const { userId, orgId, email, roles } = subject;
    return {
      access_token: this.#sign({ sub: userId, org_id: orgId, email, roles, jti: uuidv7() }),
      token_type: 'bearer',
      expires_in: this.#expiresSeconds,
    };
  }

  /** The user and organization that a valid token names, else undefined. */
  verify(token: string): { userId: string; orgId: string } | undefined {
    if (!token.split('.').every(isCanonical)) {
      return undefined;
    }
    try {
      const { sub, org_id: orgId } = this.#verify(token) as { sub: unknown; org_id: unknown };
      return isUuid(sub) && isUuid(orgId) ? { userId: sub, orgId } : undefined;
    } catch {
      return undefined;
    }
  }
}

// @NOTE base64url has several spellings of the same bytes: padding, and other last characters. Ours is the canonical one.
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
