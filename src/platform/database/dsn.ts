import { parse } from 'pg-connection-string';

/** Where a DSN leads, and as whom: as the driver reads it. What it leaves out is undefined. */
export interface DsnParts {
  /** A name, an address (IPv6 without brackets), or the folder of a socket. */
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Takes a DSN apart. Throws where it is none. */
export function readDsn(dsn: string): DsnParts {
  // @NOTE for TLS the driver's reader would read the files, and warn: whoever wants to know of it asks `dsnTls`.
  const { host, port, user, password, database } = parse(withoutParameters(dsn, /^ssl/));
  return Object.fromEntries(
    Object.entries({ host, port, user, password, database }).filter(([, value]) => value),
  );
}

/** Its host and port as people write them; the host alone where it names no port and there is no default. */
export function dsnAddress(dsn: string, defaultPort?: number): string {
  const { host = 'localhost', port = defaultPort } = readDsn(dsn);
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

// @NOTE by hand: the URL standard does not know `user@/database?host=/socket`, and what is not asked for stays as it was written.
const parts = (dsn: string): readonly [address: string, query: string, hash: string] => {
  const [, address = dsn, query = '', hash = ''] = /^([^?#]*)\?([^#]*)(#.*)?$/.exec(dsn) ?? [];
  return [address, query, hash];
};

/** What stands behind its question mark, decoded. */
export const dsnParameters = (dsn: string): URLSearchParams => new URLSearchParams(parts(dsn)[1]);

/** The same DSN without the parameters of such names. */
export function withoutParameters(dsn: string, names: RegExp): string {
  const [address, query, hash] = parts(dsn);
  const others = query.split('&').filter((each) => !names.test(each.split('=', 1)[0] ?? ''));
  const kept = others.join('&');
  return `${address}${kept === '' ? '' : `?${kept}`}${hash}`;
}

/** The same DSN for another database of its server. */
export const withDatabase = (dsn: string, database: string): string =>
  rewritten(dsn, (url) => {
    url.pathname = `/${encodeURIComponent(database)}`;
  });

/** The same DSN for another server: same login, same database, no socket. */
export const atAddress = (dsn: string, host: string, port: number): string =>
  rewritten(withoutParameters(dsn, /^(host|port)$/), (url) => {
    url.hostname = host;
    url.port = String(port);
  });

function rewritten(dsn: string, change: (url: URL) => void): string {
  const nobody = '@nobody.invalid/';
  const url = new URL(URL.canParse(dsn) ? dsn : dsn.replace('@/', nobody));
  change(url);
  return url.href.replace(nobody, '@/');
}

/** libpq's variable for each parameter that a DSN of ours may carry. */
const variables: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
};

/**
 * A DSN as libpq's environment variables. @NOTE arguments of a process are readable by everybody on the machine, its
 * environment by its owner only.
 */
export function connectionEnvironment(dsn: string): Record<string, string> {
  const { host, port, user, password, database } = readDsn(dsn);
  const known = { PGHOST: host, PGPORT: port, PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
  const further = [...dsnParameters(dsn)].map(([name, value]) => [variables[name], value] as const);
  return Object.fromEntries(
    [...Object.entries(known), ...further].filter(
      (entry): entry is [string, string] => entry[0] !== undefined && entry[1] !== undefined,
    ),
  );
}

/** The same environment with further options of the session. */
export const withOptions = (
  environment: Readonly<Record<string, string>>,
  options: readonly string[],
): Record<string, string> => ({
  ...environment,
  PGOPTIONS: [environment['PGOPTIONS'] ?? '', ...options].join(' ').trim(),
});
