import type { Pems } from '../tls/certificate-files.ts';

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
  const [, address = dsn, query = '', hash = ''] = /^([^?#]*)\?([^#]*)(#.*)?$/.exec(dsn) ?? [];
  const given = new URLSearchParams(query);
  const mode = given.get('sslmode');
  const negotiation = given.get('sslnegotiation') === 'direct' ? 'direct' : undefined;
  const named = Object.entries(parameters).flatMap(([name, parameter]) => {
    const path = given.get(parameter);
    return path === null || path === '' ? [] : [[name, path] as const];
  });
  if (named.length === 0 || mode === 'disable') {
    return { dsn, paths: {}, isVerified: mode !== 'disable' && mode !== 'no-verify', negotiation };
  }
  const others = query
    .split('&')
    .filter((each) => !/^ssl(mode|cert|key|rootcert|negotiation)?=/.test(each))
    .join('&');
  return {
    dsn: `${address}${others === '' ? '' : `?${others}`}${hash}`,
    paths: Object.fromEntries(named),
    isVerified: mode !== 'no-verify',
    negotiation,
  };
}
