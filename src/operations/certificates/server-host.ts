import { checkServerIdentity } from 'node:tls';
import { dsnTls } from '../../platform/database/dsn-tls.ts';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { certificatesOf, factsOf } from '../../platform/tls/certificate.ts';

/** The name or address by which a DSN reaches its server; undefined where that is a socket file. */
export function serverHost(dsn: string): string | undefined {
  const url = URL.parse(dsn);
  const host = url?.searchParams.get('host') ?? decodeURIComponent(url?.hostname ?? '');
  return host === '' || host.startsWith('/') ? undefined : host.replace(/^\[|\]$/g, '');
}

/** Whether a DSN asks for TLS: by `sslmode`, or by the files that it names. */
export function asksForTls(dsn: string): boolean {
  const mode = URL.parse(dsn)?.searchParams.get('sslmode') ?? undefined;
  return mode === undefined ? Object.keys(dsnTls(dsn).paths).length > 0 : mode !== 'disable';
}

/** A setting that names a server. */
export interface NamedServer {
  readonly setting: string;
  readonly dsn: string;
}

/**
 * Throws RefusedError where a server's certificate does not name the host by which it is reached and verified: whoever reaches
 * it so would be cut off once the server shows it. @NOTE judged by what the service itself verifies with (RFC 6125).
 * @param pem the certificate first, and what else belongs to it
 */
export function requireServerHost(pem: string, servers: readonly NamedServer[]): void {
  const [certificate] = certificatesOf(pem);
  for (const { setting, dsn } of servers) {
    const host = serverHost(dsn);
    if (host === undefined || !asksForTls(dsn) || !dsnTls(dsn).isVerified) {
      continue;
    }
    if (checkServerIdentity(host, certificate.toLegacyObject()) !== undefined) {
      const { names, subject } = factsOf(certificate);
      throw new RefusedError(
        `The new pair is refused, and nothing is changed: ${setting} reaches the server as ${host} and verifies that name, ` +
          `and the certificate is for ${names || subject || 'no name'}: nobody would get in there once the server shows it. Have one ` +
          `made for ${host}, too; where this is the certificate of another server, run this without ${setting}`,
      );
    }
  }
}
