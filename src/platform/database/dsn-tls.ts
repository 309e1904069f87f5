import type { Pems } from '../tls/certificate-files.ts';
import { dsnParameters, withoutParameters } from './dsn.ts';

/** What a DSN says of TLS. */
export interface DsnTls {
  /** The same DSN without it; as it was where it names no files. */
  readonly dsn: string;
  /** The files that it names. */
  readonly paths: Pems;
  /** Whether the server's certificate is verified: authority and host name. */
  readonly isVerified: boolean;
  /** `direct`: TLS from the first byte on (PostgreSQL 17). */
  readonly negotiation: 'direct' | undefined;
}

const parameters = { cert: 'sslcert', key: 'sslkey', ca: 'sslrootcert' } as const;

/** Reads it. @NOTE without sslmode, files alone ask for TLS, and for verification: stricter than libpq. */
export function dsnTls(dsn: string): DsnTls {
  const given = dsnParameters(dsn);
  const mode = given.get('sslmode');
  const negotiation = given.get('sslnegotiation') === 'direct' ? 'direct' : undefined;
  const named = Object.entries(parameters).flatMap(([name, parameter]) => {
    const path = given.get(parameter);
    return path === null || path === '' ? [] : [[name, path] as const];
  });
  if (named.length === 0 || mode === 'disable') {
    return { dsn, paths: {}, isVerified: mode !== 'disable' && mode !== 'no-verify', negotiation };
  }
  return {
    dsn: withoutParameters(dsn, /^ssl(mode|cert|key|rootcert|negotiation)?$/),
    paths: Object.fromEntries(named),
    isVerified: mode !== 'no-verify',
    negotiation,
  };
}

/** The certificates that a DSN names: `client` (sslcert) and `ca` (sslrootcert). */
export function certificatesOfDsn(dsn: string): ReadonlyMap<string, string> {
  const given = dsnParameters(dsn);
  const named = [
    ['client', given.get('sslcert')],
    ['ca', given.get('sslrootcert')],
  ] as const;
  return new Map(
    named.flatMap(([name, path]) => (path === null || path === 'system' ? [] : [[name, path] as const])),
  );
}
