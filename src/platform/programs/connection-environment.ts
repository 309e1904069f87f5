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
  // @NOTE the driver reads `user@/database?host=/socket`, which the URL standard does not.
  const url = new URL(URL.canParse(dsn) ? dsn : dsn.replace('@/', '@localhost/'));
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  const known = Object.entries({
    PGHOST: host,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  }).filter(([, value]) => value !== '');
  const further = [...url.searchParams].flatMap(([name, value]) => {
    const variable = variables[name];
    return variable === undefined ? [] : [[variable, value] as const];
  });
  return Object.fromEntries([...known, ...further]);
}

/** The same environment with further options of the session. */
export const withOptions = (
  environment: Readonly<Record<string, string>>,
  options: readonly string[],
): Record<string, string> => ({
  ...environment,
  PGOPTIONS: [environment['PGOPTIONS'] ?? '', ...options].join(' ').trim(),
});

/** The same DSN for another database of its server. */
export function withDatabase(dsn: string, database: string): string {
  const isUrl = URL.canParse(dsn);
  const url = new URL(isUrl ? dsn : dsn.replace('@/', '@localhost/'));
  url.pathname = `/${encodeURIComponent(database)}`;
  return isUrl ? url.href : url.href.replace('@localhost/', '@/');
}

/** The same DSN for another server: same login, same database, no socket. */
export function atAddress(dsn: string, host: string, port: number): string {
  const url = new URL(URL.canParse(dsn) ? dsn : dsn.replace('@/', '@localhost/'));
  url.hostname = host;
  url.port = String(port);
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  return url.href;
}
