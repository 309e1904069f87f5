import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** Where the chain of an organization stood, signed: whoever keeps it proves later what was before it. */
export interface Checkpoint {
  readonly organization_id: string;
  /** How many entries the chain had; 0 where there was none. */
  readonly seq: number;
  /** The hash of the last of them, in hexadecimal digits. */
  readonly hash: string;
  /** RFC 3339, UTC. */
  readonly signed_at: string;
  /** The thumbprint of the public key: RFC 7638. */
  readonly key_id: string;
  /** Ed25519, 32 bytes in base64url. */
  readonly public_key: string;
  /** Ed25519 over `signedText`, 64 bytes in base64url. */
  readonly signature: string;
}

/** A public key as RFC 8037 writes it. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly use: 'sig';
  readonly kid: string;
  readonly x: string;
}

/** What is signed. `entry_hash`: of an erasure alone. */
interface Stand extends Pick<Checkpoint, 'organization_id' | 'seq' | 'hash'> {
  readonly entry_hash?: string;
}

/**
 * What is signed says: where a chain stood, that the operator removed what was before, or what an entry says since something was erased from it. @NOTE readers of the trail
 * are given the first whenever they ask: it must not pass as another.
 */
export type CheckpointKind = 'checkpoint' | 'pruning' | 'erasure';

/** Whether the service signed something, as whoever asks knows its keys. */
export type IsOurs = (signed: Checkpoint, kind: CheckpointKind) => boolean;

/** What is signed: five lines, of an erasure six. */
export const signedText = (
  { organization_id, seq, hash, entry_hash, signed_at }: Stand & Pick<Checkpoint, 'signed_at'>,
  kind: CheckpointKind = 'checkpoint',
): string =>
  [
    `brownie-audit-${kind}-v1`,
    organization_id,
    seq,
    hash,
    ...(entry_hash === undefined ? [] : [entry_hash]),
    signed_at,
  ]
    .map((line) => `${line}\n`)
    .join('');

/** What an Ed25519 key in PKCS #8 begins with (RFC 8410, 7); its 32 bytes follow. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys that sign checkpoints, made from secrets: the same on every instance, and kept nowhere else. */
export class CheckpointKeys {
  #keys: readonly KeyObject[] = [];

  /** @param secrets the first signs; the keys of the others are published with it */
  constructor(secrets: readonly string[]) {
    this.useSecrets(secrets);
  }

  useSecrets(secrets: readonly string[]): void {
    this.#keys = secrets.map((secret) => {
      const seed = Buffer.from(hkdfSync('sha256', secret, '', 'brownie audit checkpoints', 32));
      return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
    });
  }

  /** The public keys, the one that signs first. */
  published(): readonly PublicJwk[] {
    return this.#keys.map((key) => {
      const x = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
      return { kty: 'OKP', crv: 'Ed25519', use: 'sig', kid: thumbprintOf(x), x };
    });
  }

  /** Whether one of these keys signed it. */
  hasSigned(checkpoint: Checkpoint, kind?: CheckpointKind): boolean {
    return isSigned(checkpoint, kind) && this.published().some(({ kid }) => kid === checkpoint.key_id);
  }

  sign<What extends Stand>(what: What, now: Date, kind?: CheckpointKind): What & Checkpoint {
    const [key] = this.#keys;
    const [published] = this.published();
    if (key === undefined || published === undefined) {
      throw new Error('there is no key for checkpoints');
    }
    const stand = { ...what, signed_at: now.toISOString() };
    const signature = sign(null, Buffer.from(signedText(stand, kind)), key).toString('base64url');
    return { ...stand, key_id: published.kid, public_key: published.x, signature };
  }
}

/** RFC 7638 for a key of RFC 8037. */
const thumbprintOf = (x: string): string =>
  createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');

/** Whether a checkpoint is signed by the key that it names, and the name is that key's. Whose key it is, is for whoever asks to know. */
export function isSigned(checkpoint: Checkpoint, kind?: CheckpointKind): boolean {
  const { public_key: x, key_id, signature } = checkpoint;
  if (thumbprintOf(x) !== key_id) {
    return false;
  }
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(signedText(checkpoint, kind)), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/** Whether JSON has the form of a checkpoint. */
export function isCheckpoint(value: unknown): value is Checkpoint {
  const { seq, ...texts } = (value ?? {}) as Record<string, unknown>;
  const names = ['organization_id', 'hash', 'signed_at', 'key_id', 'public_key', 'signature'];
  return Number.isSafeInteger(seq) && names.every((name) => typeof texts[name] === 'string');
}
