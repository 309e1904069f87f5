import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { certificatesOf, isSignedBy, isValidAt } from './certificate.ts';

/** A certificate with the key that belongs to it, and what it is for. PEM texts. */
export interface CertificatePair {
  /** The certificate, and after it those between it and an authority. */
  readonly certificate: string;
  readonly key: string;
  /** Authorities, one of which must have signed it; not checked where they are not known. */
  readonly authorities?: string | undefined;
  readonly purpose: 'client' | 'server';
}

/** Of RFC 5280, section 4.2.1.12. */
const purposeIds = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const;

/** Why a pair must not be used: the rest of a sentence; undefined where it may. Never quotes the key. */
export function pairFault(pair: CertificatePair, now = new Date()): string | undefined {
  const chain = attempt(() => certificatesOf(pair.certificate));
  if (chain === undefined) {
    return 'the certificate is not one in PEM form';
  }
  const key = attempt(() => createPrivateKey(pair.key));
  if (key === undefined) {
    return 'the key is not a private key in PEM form without a passphrase';
  }
  return leafFault(chain, key, pair.purpose, now) ?? chainFault(chain, pair.authorities, now);
}

function leafFault(
  [leaf]: readonly [X509Certificate, ...X509Certificate[]],
  key: KeyObject,
  purpose: CertificatePair['purpose'],
  now: Date,
): string | undefined {
  if (!leaf.checkPrivateKey(key)) {
    return 'the key does not belong to the certificate';
  }
  if (!isValidAt(leaf, now)) {
    const isOver = new Date(leaf.validTo) <= now;
    return `the certificate ${isOver ? `ended on ${leaf.validTo}` : `begins only on ${leaf.validFrom}`}`;
  }
  const purposes: readonly string[] | undefined = leaf.keyUsage;
  return purposes === undefined || purposes.includes(purposeIds[purpose])
    ? undefined
    : `the certificate is not made for a ${purpose} (extended key usage)`;
}

function chainFault(
  chain: readonly X509Certificate[],
  authorities: string | undefined,
  now: Date,
): string | undefined {
  if (authorities === undefined) {
    return undefined;
  }
  const trusted = attempt(() => certificatesOf(authorities))?.filter((each) => isValidAt(each, now));
  if (trusted === undefined) {
    return 'the authorities are not certificates in PEM form';
  }
  const seen = new Set<X509Certificate>();
  for (let link = chain[0]; link !== undefined && !seen.has(link); ) {
    const current = link;
    seen.add(current);
    if (trusted.some((authority) => isSignedBy(current, authority))) {
      return undefined;
    }
    link = chain.find((each) => each !== current && isSignedBy(current, each));
  }
  return 'the certificate is signed by none of the authorities (or by one that has ended)';
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
