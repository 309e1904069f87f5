import { createSigner, createVerifier } from 'fast-jwt';
import { v7 as uuidv7 } from 'uuid';
import {
  isPairAlgorithm,
  type JwtAlgorithm,
  leewaySeconds,
  type SigningKey,
  type SigningKeys,
} from './key-ring/index.ts';
import { VerifiedTokens } from './verified-tokens.ts';

export interface TokenOptions {
  readonly keys: SigningKeys;
  /** Of shared secrets, whose keys do not say; of new keys. */
  readonly algorithm: JwtAlgorithm;
  readonly expiresMinutes: number;
  /** Told how old the key of each token is: `unknown` where it names none of ours. */
  readonly onVerified?: (keyStatus: SigningKey['status'] | 'unknown') => void;
}

/** What an access token says of its user (contract v1); roles in it are information, never authority. */
export interface TokenSubject {
  readonly userId: string;
  readonly orgId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly roles: readonly string[];
  /** How they proved who they are, by the words of RFC 8176: information, too. */
  readonly amr: readonly string[];
}

export interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'bearer';
  /** Seconds. */
  readonly expires_in: number;
}

/** Who issues tokens, and for whom: the claims `iss` and `aud`. */
const party = 'brownie-metadata-api';
/** The header of access tokens (RFC 9068, 2.1). Releases before sessions wrote `JWT`, and no `iss`, `aud` and `sid`. */
const tokenType = 'at+jwt';

/** The user and organization that a token names, and the session that it belongs to: none in those of releases before sessions. */
export interface VerifiedSubject {
  readonly userId: string;
  readonly orgId: string;
  readonly sessionId?: string | undefined;
}

interface Machine {
  readonly sign: (claims: object) => string;
  readonly verify: (token: string) => unknown;
}

/** Issues and verifies access tokens: JWTs (RFC 7519), of which each key takes the algorithm that it is for, and no other (RFC 8725, 3.1). */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #expiresSeconds: number;
  readonly #machines = new WeakMap<SigningKey, Machine>();
  readonly #verified = new VerifiedTokens<VerifiedSubject>();

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#expiresSeconds = options.expiresMinutes * 60;
  }

  /** How long a token is taken: no session is shorter. */
  get lifetimeSeconds(): number {
    return this.#expiresSeconds + leewaySeconds;
  }

  issue(subject: TokenSubject): AccessToken {
    const { userId, orgId, sessionId, email, roles, amr } = subject;
    const { sign } = this.#machineOf(this.#options.keys.current());
    return {
      access_token: sign({ sub: userId, org_id: orgId, sid: sessionId, email, roles, amr, jti: uuidv7() }),
      token_type: 'bearer',
      expires_in: this.#expiresSeconds,
    };
  }

  /** Whom a valid token names, else undefined; a promise only where its key has to be looked for. */
  verify(token: string): VerifiedSubject | undefined | Promise<VerifiedSubject | undefined> {
    const known = this.#verified.find(token, this.#options.keys);
    if (known === undefined) {
      return this.#verifyAnew(token);
    }
    this.#options.onVerified?.(known.key.status);
    return known.subject;
  }

  #verifyAnew(token: string): VerifiedSubject | undefined | Promise<VerifiedSubject | undefined> {
    const parts = token.split('.');
    const header = parts.length === 3 && parts.every(isCanonical) ? headerOf(parts[0] ?? '') : undefined;
    if (header === undefined) {
      return undefined;
    }
    const { keys } = this.#options;
    const found = keys.named(header.kid);
    return found.length > 0 || header.kid === undefined
      ? this.#verifyWith(found, token, header)
      : keys.refresh().then(() => this.#verifyWith(keys.named(header.kid), token, header));
  }

  #verifyWith(keys: readonly SigningKey[], token: string, header: Header): VerifiedSubject | undefined {
    this.#options.onVerified?.(keys[0]?.status ?? 'unknown');
    for (const key of keys) {
      const claims = this.#claimsUnder(key, token);
      const subject = claims === undefined ? undefined : subjectOf(claims, header);
      if (claims !== undefined && subject !== undefined) {
        const untilMs = (Number(claims['exp']) + leewaySeconds) * 1_000;
        this.#verified.keep(token, { subject, kid: header.kid, key, untilMs });
        return subject;
      }
    }
    return undefined;
  }

  #claimsUnder(key: SigningKey, token: string): Claims | undefined {
    try {
      return this.#machineOf(key).verify(token) as Claims;
    } catch {
      return undefined;
    }
  }

  #machineOf(key: SigningKey): Machine {
    const made = this.#machines.get(key);
    if (made !== undefined) {
      return made;
    }
    const { algorithm, accepted, privateKey, publicKey } = usesOf(key, this.#options.algorithm);
    const machine = {
      sign: createSigner({
        key: privateKey,
        algorithm,
        expiresIn: this.#expiresSeconds * 1000,
        iss: party,
        aud: party,
        header: { alg: algorithm, typ: tokenType, ...(key.kid === null ? {} : { kid: key.kid }) },
      }),
      verify: createVerifier({
        key: publicKey,
        algorithms: [...accepted],
        allowedIss: party,
        allowedAud: party,
        clockTolerance: leewaySeconds * 1000,
        requiredClaims: ['sub', 'org_id', 'exp'],
      }),
    };
    this.#machines.set(key, machine);
    return machine;
  }
}

/** What a key signs with, and what it accepts. */
interface KeyUses {
  readonly algorithm: JwtAlgorithm;
  readonly accepted: readonly JwtAlgorithm[];
  readonly privateKey: string;
  readonly publicKey: string;
}

/** @NOTE while pairs are configured, a secret of before may have signed with any of its family, and no pair is ever taken for a secret. */
function usesOf({ key, pair }: SigningKey, configured: JwtAlgorithm): KeyUses {
  if (pair !== undefined) {
    const { algorithm, privateKey, publicKey } = pair;
    return { algorithm, accepted: [algorithm], privateKey, publicKey };
  }
  const secrets = { privateKey: key, publicKey: key };
  return isPairAlgorithm(configured)
    ? { algorithm: 'HS256', accepted: ['HS256', 'HS384', 'HS512'], ...secrets }
    : { algorithm: configured, accepted: [configured], ...secrets };
}

interface Header {
  /** The key that it names. */
  readonly kid: string | undefined;
  /** Whether it is of a token that belongs to a session. */
  readonly isBound: boolean;
}

type Claims = Readonly<Record<string, unknown>>;

/** Whom the claims of a token name whose signature and times are right; undefined where they are not those of an access token. */
function subjectOf(claims: Claims, { isBound }: Header): VerifiedSubject | undefined {
  const { sub, org_id: orgId, sid: sessionId } = claims;
  if (!isUuid(sub) || !isUuid(orgId)) {
    return undefined;
  }
  if (isBound) {
    // @NOTE fast-jwt looks at the value of a claim that is there, and at none that is not.
    const isWhole = ['iss', 'aud', 'jti'].every((name) => typeof claims[name] === 'string');
    return isWhole && isUuid(sessionId) ? { userId: sub, orgId, sessionId } : undefined;
  }
  return sessionId === undefined ? { userId: sub, orgId, sessionId } : undefined;
}

/** What a header says; undefined where it is not that of an access token. */
function headerOf(part: string): Header | undefined {
  try {
    const { kid, typ } = JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const isOurs = typ === tokenType || typ === 'JWT' || typ === undefined;
    return isOurs && (kid === undefined || typeof kid === 'string')
      ? { kid, isBound: typ === tokenType }
      : undefined;
  } catch {
    return undefined;
  }
}

// @NOTE base64url has several spellings of the same bytes: padding, and other last characters. Ours is the canonical one.
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
