import { type FailureKind, failureOf, textOf } from '../../platform/database/database-failures.ts';
import { CertificateFilesError } from '../../platform/tls/certificate-files.ts';

/** Why a database cannot be used. */
export interface DatabaseFault {
  readonly kind: 'certificates' | 'embedded' | 'connection';
  readonly finding: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

interface Explanation {
  readonly finding: (place: string) => string;
  readonly remedy: (host: string, database: string) => string;
}

const explanations: Readonly<Partial<Record<FailureKind, Explanation>>> = {
  nothing_listens: {
    finding: (place) => `Nothing listens at ${place}: PostgreSQL does not run there, or listens elsewhere`,
    remedy: () => 'systemctl start postgresql (Compose: docker compose up -d postgres)',
  },
  unknown_host: {
    finding: (place) => `The host name of ${place} cannot be resolved`,
    remedy: (host) =>
      `getent hosts ${host}; mend the name in METADATA_POSTGRES_DSN, or the DNS of this machine`,
  },
  no_answer: {
    finding: (place) => `${place} did not answer in time: the network drops packets, or PostgreSQL is frozen`,
    remedy: (host) => `pg_isready -h ${host}; see the firewall between here and there, and the server's disk`,
  },
  wrong_password: {
    finding: (place) => `${place} refuses the password`,
    remedy: () => 'correct the password in METADATA_POSTGRES_DSN (or its file), then start the service again',
  },
  no_password: {
    finding: (place) =>
      `${place} asks for a password, and METADATA_POSTGRES_DSN holds none: no line of pg_hba.conf lets this login in by its certificate alone`,
    remedy: () =>
      'add the password to the DSN, or a line as in deploy/postgres/pg_hba.mutual-tls.conf, then: select pg_reload_conf()',
  },
  tls_demanded: {
    finding: (place) => `${place} takes connections with TLS only, and this one has none`,
    remedy: () => 'add sslmode=verify-full (and sslrootcert=…) to METADATA_POSTGRES_DSN',
  },
  host_not_let_in: {
    finding: (place) => `The pg_hba.conf of ${place} lets this login in from nowhere near here`,
    remedy: () => 'add a line for it to pg_hba.conf, then: select pg_reload_conf()',
  },
  login_refused: {
    finding: (place) =>
      `${place} refuses the login: its role is not there, may not log in, or its certificate is not accepted`,
    remedy: () => 'psql -c "\\du" as a superuser; see docs/deployment.md for the roles',
  },
  no_database: {
    finding: (place) => `There is no such database at ${place}`,
    remedy: (_host, database) =>
      `createdb --owner=brownie_owner ${database}, or mend its name in METADATA_POSTGRES_DSN; then: brownie migrate`,
  },
  no_right: {
    finding: (place) => `The login may not connect to the database of ${place}`,
    remedy: (_host, database) => `as its owner: grant connect on database ${database} to brownie_app`,
  },
  no_connection_left: {
    finding: (place) => `${place} has no connection left`,
    remedy: () =>
      'as a superuser: select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3; ' +
      'stop what holds them, or lower METADATA_POSTGRES_MAX_OVERFLOW',
  },
  not_running: {
    finding: (place) => `${place} is starting or stopping, or recovers`,
    remedy: () => 'wait, and read its log',
  },
  no_tls: {
    finding: (place) => `${place} speaks no TLS, and METADATA_POSTGRES_DSN demands it`,
    remedy: () => 'switch it on (ssl = on in postgresql.conf), see deploy/postgres/',
  },
  other_host: {
    finding: (place) => `The certificate of ${place} is for another name`,
    remedy: () => 'name the host as its certificate does, or: brownie certs generate --server-name <name>',
  },
  not_trusted: {
    finding: (place) => `TLS with ${place} fails: one side does not accept the other's certificate`,
    remedy: () => 'brownie certs status',
  },
};

/** What an error of the driver means. `place` is where it happened: `db.example.com:5432/brownie`. */
export function databaseFault(error: unknown, place: string): DatabaseFault {
  if (error instanceof CertificateFilesError) {
    return { kind: 'certificates', finding: error.message, evidence: [], remedy: 'brownie certs status' };
  }
  const [host = '', database = ''] = place.split(/:\d+\//);
  const kind = failureOf(error)?.kind;
  const known = kind === undefined ? undefined : explanations[kind];
  return {
    kind: 'connection',
    finding: known?.finding(place) ?? `${place} cannot be used`,
    evidence: [textOf(error)],
    remedy: known?.remedy(host, database) ?? 'psql "$METADATA_POSTGRES_DSN" -c "select 1"',
  };
}
