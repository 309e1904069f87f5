import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';

/** Algorithms whose signatures others verify, by the public key alone. */
export const pairAlgorithms = ['EdDSA', 'RS256'] as const;
export type PairAlgorithm = (typeof pairAlgorithms)[number];

/** What access tokens may be signed with. */
export type JwtAlgorithm = 'HS256' | 'HS384' | 'HS512' | PairAlgorithm;

/** A public key as verifiers read it (RFC 7517, RFC 8037). */
export type PublicJwk = Readonly<Record<'kty' | 'kid' | 'use' | 'alg', string>> &
  Readonly<Partial<Record<'crv' | 'x' | 'n' | 'e', string>>>;

export interface KeyPair {
  readonly algorithm: PairAlgorithm;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  /** PEM, SPKI. */
  readonly publicKey: string;
  readonly jwk: PublicJwk;
}

export const isPairAlgorithm = (algorithm: JwtAlgorithm): algorithm is PairAlgorithm =>
  pairAlgorithms.some((each) => each === algorithm);

const generate = promisify(generateKeyPair);

/** A new key pair as text, to be encrypted: a private JWK that says for which one algorithm it is (RFC 8725, 3.1). */
export async function newKeyPair(algorithm: PairAlgorithm): Promise<{ kid: string; key: string }> {
  const { privateKey } =
    algorithm === 'EdDSA' ? await generate('ed25519') : await generate('rsa', { modulusLength: 2_048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: algorithm };
  return { kid: thumbprintOf(jwk), key: JSON.stringify(jwk) };
}

/** The key pair of such a text, where the id is that of a key pair. */
export function readKeyPair(kid: string, text: string): KeyPair | undefined {
  if (kid.length !== thumbprintLength) {
    return undefined;
  }
  const jwk = JSON.parse(text) as JsonWebKey & { readonly alg: PairAlgorithm };
  const { alg: algorithm, kty = '' } = jwk;
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  return {
    algorithm,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    jwk: { ...publicKey.export({ format: 'jwk' }), kty, kid, use: 'sig', alg: algorithm },
  };
}

const thumbprintLength = 43;

/** RFC 7638: SHA-256 of what makes up the public key, its members in the order of their names. */
export function thumbprintOf({ kty, crv, x, n, e }: JsonWebKey): string {
  const members = kty === 'OKP' ? { crv, kty, x } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
