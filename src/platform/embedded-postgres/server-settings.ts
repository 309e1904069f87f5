import { createHash } from 'node:crypto';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** PostgreSQL settings by name, as in `postgresql.conf`. */
export type ServerSettings = Readonly<Record<string, string>>;

const defaults: ServerSettings = {
  shared_buffers: '128MB',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  password_encryption: 'scram-sha-256',
  // @NOTE Short indexed statements only lose by compilation.
  jit: 'off',
  // @NOTE %a is `brownie/<request id>`, so that a line of this log leads to the lines of the request, and back.
  log_line_prefix: '%m %a [%p] ',
  // @NOTE Terse leaves out DETAIL lines, which quote column values; parameters stay out for the same reason.
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

const notDurable: ServerSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** What the supervisor knows the server by: it stands in the title of each of its processes. */
export function clusterName(dataDirectory: string): string {
  return `brownie-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`;
}

/**
 * The arguments of `postgres`. The chosen settings go over the defaults, and under those that keep the server on
 * the loopback address and recognizable.
 */
export function serverArguments(server: {
  readonly dataDirectory: string;
  readonly port: number;
  readonly durable: boolean;
  readonly statementStatistics: boolean;
  readonly settings: ServerSettings;
}): string[] {
  const all: ServerSettings = {
    ...defaults,
    ...(server.durable ? {} : notDurable),
    ...(server.statementStatistics ? { shared_preload_libraries: 'pg_stat_statements' } : {}),
    ...server.settings,
    listen_addresses: '127.0.0.1',
    port: String(server.port),
    unix_socket_directories: '',
    cluster_name: clusterName(server.dataDirectory),
    // @NOTE The readiness check and the error messages read this one file.
    log_destination: 'stderr',
    logging_collector: 'off',
  };
  return ['-D', server.dataDirectory, ...Object.entries(all).flatMap(toArgument)];
}

function toArgument([name, value]: [string, string]): string[] {
  if (!/^[a-z][a-z0-9_.]*$/i.test(name)) {
    throw new EmbeddedPostgresError(
      `${JSON.stringify(name)} is not the name of a PostgreSQL setting: correct it`,
    );
  }
  return ['-c', `${name}=${value}`];
}
