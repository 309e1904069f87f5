import { isIP } from 'node:net';
import { certificatesOf } from '../../platform/tls/certificate.ts';

/** Whom a certificate names. */
export interface CertificateNames {
  /** Empty where it has none. */
  readonly commonName: string;
  /** Host names and addresses that it vouches for, as `sameName` writes them. */
  readonly names: readonly string[];
}

/** Whom the first certificate of a PEM text names. Throws where it holds none. */
export function namesIn(pem: string): CertificateNames {
  const [{ subject = '', subjectAltName = '' }] = certificatesOf(pem);
  const alternatives = subjectAltName.split(', ').filter((name) => name !== '');
  return {
    commonName: /^CN=(.+)$/m.exec(subject)?.[1] ?? '',
    names: alternatives.map((name) => sameName(name.replace(/^(DNS|IP Address):/, ''))),
  };
}

/** One spelling for each host name or address: lower case, and `::1` for `0:0:0:0:0:0:0:1`. */
export const sameName = (name: string): string =>
  isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name.toLowerCase();

/** Whether it can be the name (CN) in a certificate that is made here. */
export const isSubjectName = (name: string): boolean => /^[\w.@:*-]{1,64}$/.test(name);

/** Whether it is a host name, `*.example.com` too, or an address. */
export const isServerName = (name: string): boolean =>
  isIP(name) !== 0 || /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(name);

/**
 * The name for another certificate of the same server: its own, else the first that it vouches for, since there need not be one
 * (RFC 9525, section 2). Undefined where none of them can be one.
 */
export const serverSubject = ({ commonName, names }: CertificateNames): string | undefined =>
  [commonName, ...names].find(isSubjectName);
