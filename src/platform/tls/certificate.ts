import { X509Certificate } from 'node:crypto';

/** A certificate as people and machines are told of it. */
export interface CertificateFacts {
  /** Empty where it has none: its names are enough. */
  readonly subject: string;
  /** The names that it vouches for: `DNS:localhost, IP Address:127.0.0.1`; empty where there are none. */
  readonly names: string;
  /** Hexadecimal, as openssl writes it. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whole days; negative once it has ended. */
  readonly daysLeft: number;
  /** The first 8 hexadecimal digits of its SHA-256. */
  readonly fingerprint: string;
}

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const dayMs = 86_400_000;

/** The certificates of a PEM text, in its order. Throws where it holds none, or one that is damaged. */
export function certificatesOf(pem: string): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = (pem.match(blocks) ?? []).map((block) => new X509Certificate(block));
  if (first === undefined) {
    throw new Error('it holds no certificate in PEM form');
  }
  return [first, ...others];
}

/** What a certificate says. */
export function factsOf(certificate: X509Certificate, now = new Date()): CertificateFacts {
  const notAfter = new Date(certificate.validTo);
  // @NOTE Node's types say nothing of a certificate without a subject, which has none in Node either.
  const { subject = '' } = certificate;
  return {
    subject: subject.replaceAll('\n', ', '),
    names: certificate.subjectAltName ?? '',
    serial: certificate.serialNumber,
    notBefore: new Date(certificate.validFrom),
    notAfter,
    daysLeft: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase(),
  };
}

/** What the certificates of a PEM text say; nothing where there is none. */
export const factsIn = (pem: string | undefined): readonly CertificateFacts[] =>
  pem === undefined ? [] : certificatesOf(pem).map((certificate) => factsOf(certificate));

/** Whether an authority signed a certificate, by its name and by its signature. */
export const isSignedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

/** Whether a certificate is valid at a moment. */
export const isValidAt = (certificate: X509Certificate, now: Date): boolean =>
  new Date(certificate.validFrom) <= now && now < new Date(certificate.validTo);
