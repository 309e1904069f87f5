import { parse } from 'pg-connection-string';

/** Where a DSN leads, and as whom: as the driver reads it. What it leaves out is undefined. */
export interface DsnParts {
  /** A name, an address (IPv6 without brackets), or the folder of a socket; of the first where it names several. */
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Takes a DSN apart. Throws where it is none. */
export function readDsn(dsn: string): DsnParts {
  // @NOTE for TLS the driver's reader would read the files, and warn: whoever wants to know of it asks `dsnTls`.
  const first = dsnsOfServers(dsn)[0] ?? dsn;
  const { host, port, user, password, database } = parse(withoutParameters(first, /^ssl/));
  return Object.fromEntries(
    Object.entries({ host, port, user, password, database }).filter(([, value]) => value),
  );
}

/** Its host and port as people write them, or its hosts and theirs; the host alone where it names no port and there is no default. */
export const dsnAddress = (dsn: string, defaultPort?: number): string =>
  dsnsOfServers(dsn)
    .map((each) => {
      const { host = 'localhost', port = defaultPort } = readDsn(each);
      const name = host.includes(':') ? `[${host}]` : host;
      return port === undefined ? name : `${name}:${port}`;
    })
    .join(',');

/** Which of its servers a DSN asks for, as libpq has it (PostgreSQL manual, 34.1.2 "target_session_attrs"). */
export type SessionDemand = 'any' | 'read-write' | 'primary';

/** What a DSN asks for; the settings let no other words through. */
export function demandOf(dsn: string): SessionDemand {
  const given = dsnParameters(dsn).get('target_session_attrs');
  return given === 'read-write' || given === 'primary' ? given : 'any';
}

const severalServers = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*,[^/?#@]*)(.*)$/i;

/** A DSN for each server that a DSN names, in its order, without what it says of which is wanted. */
export function dsnsOfServers(dsn: string): readonly string[] {
  const bare = withoutParameters(dsn, /^target_session_attrs$/);
  const [, before, hosts, after] = severalServers.exec(bare) ?? [];
  return hosts === undefined ? [bare] : hosts.split(',').map((host) => `${before}${host}${after}`);
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

/** The same DSN for another server, whatever that is: same login, same database, no socket. */
export const atAddress = (dsn: string, host: string, port: number): string =>
  rewritten(withoutParameters(dsnsOfServers(dsn)[0] ?? dsn, /^(host|port)$/), (url) => {
    url.hostname = host;
    url.port = String(port);
  });

function rewritten(dsn: string, change: (url: URL) => void): string {
  const nobody = '@nobody.invalid/';
  const several = 'several.invalid';
  const [, before, hosts = several, after] = severalServers.exec(dsn) ?? [];
  const one = hosts === several ? dsn : `${before}${several}${after}`;
  const url = new URL(URL.canParse(one) ? one : one.replace('@/', nobody));
  change(url);
  return url.href.replace(nobody, '@/').replace(several, hosts);
}

/** libpq's variable for each parameter that a DSN of ours may carry. */
const variables: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
};

/**
 * A DSN as libpq's environment variables. @NOTE arguments of a process are readable by everybody on the machine, its
 * environment by its owner only.
 */
export function connectionEnvironment(dsn: string): Record<string, string> {
  const { user, password, database } = readDsn(dsn);
  const servers = dsnsOfServers(dsn).map(readDsn);
  const list = (values: readonly (string | undefined)[]): string | undefined =>
    values.every((value) => value === undefined) ? undefined : values.map((value) => value ?? '').join(',');
  const host = list(servers.map((each) => each.host));
  const port = list(servers.map((each) => each.port));
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
