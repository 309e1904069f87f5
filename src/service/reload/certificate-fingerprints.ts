import { createHash } from 'node:crypto';
import { certificatesOf, factsOf } from '../../platform/tls/certificate.ts';

/** More than authorities that overlap in a rotation: a bundle. */
const eachMax = 3;

/**
 * What tells a file of certificates from another: `1a2b3c4d`, `1a2b3c4d+5e6f7a8b` where one replaces the other. Of a bundle, such as
 * the system's, `140 certificates, sha256 9a8b7c6d`, as sha256sum begins for the file.
 */
export function fingerprintsIn(pem: string): string {
  const certificates = certificatesOf(pem);
  return certificates.length <= eachMax
    ? certificates.map((certificate) => factsOf(certificate).fingerprint).join('+')
    : `${certificates.length} certificates, sha256 ${createHash('sha256').update(pem).digest('hex').slice(0, 8)}`;
}
