/** Why a database cannot be used. */
export interface DatabaseFault {
  readonly kind: 'certificates' | 'embedded' | 'connection';
  readonly finding: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

interface Explanation {
  readonly matches: RegExp;
  readonly finding: (place: string) => string;
  readonly remedy: (host: string, database: string) => string;
}

const checkSecret =
  'correct the password in METADATA_POSTGRES_DSN (or its file), then start the service again';

/** By code and message of the error, the first that matches; SQLSTATEs: PostgreSQL manual, appendix A. */
const explanations: readonly Explanation[] = [
  {
    matches: /^ECONNREFUSED|ENOENT.*\.s\.PGSQL/,
    finding: (place) => `Nothing listens at ${place}: PostgreSQL does not run there, or listens elsewhere`,
    remedy: () => 'systemctl start postgresql (Compose: docker compose up -d postgres)',
  },
  {
    matches: /^(ENOTFOUND|EAI_AGAIN)/,
    finding: (place) => `The host name of ${place} cannot be resolved`,
    remedy: (host) =>
      `getent hosts ${host}; mend the name in METADATA_POSTGRES_DSN, or the DNS of this machine`,
  },
  {
    matches: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout/,
    finding: (place) => `${place} did not answer in time: the network drops packets, or PostgreSQL is frozen`,
    remedy: (host) => `pg_isready -h ${host}; see the firewall between here and there, and the server's disk`,
  },
  {
    matches: /^28P01/,
    finding: (place) => `${place} refuses the password`,
    remedy: () => checkSecret,
  },
  {
    matches: /client password must be a string/,
    finding: (place) =>
      `${place} asks for a password, and METADATA_POSTGRES_DSN holds none: no line of pg_hba.conf lets this login in by its certificate alone`,
    remedy: () =>
      'add the password to the DSN, or a line as in deploy/postgres/pg_hba.mutual-tls.conf, then: select pg_reload_conf()',
  },
  {
    matches: /no pg_hba\.conf entry.*no encryption/,
    finding: (place) => `${place} takes connections with TLS only, and this one has none`,
    remedy: () => 'add sslmode=verify-full (and sslrootcert=…) to METADATA_POSTGRES_DSN',
  },
  {
    matches: /no pg_hba\.conf entry/,
    finding: (place) => `The pg_hba.conf of ${place} lets this login in from nowhere near here`,
    remedy: () => 'add a line for it to pg_hba.conf, then: select pg_reload_conf()',
  },
  {
    matches: /^28/,
    finding: (place) =>
      `${place} refuses the login: its role is not there, may not log in, or its certificate is not accepted`,
    remedy: () => 'psql -c "\\du" as a superuser; see docs/deployment.md for the roles',
  },
  {
    matches: /^3D000/,
    finding: (place) => `There is no such database at ${place}`,
    remedy: (_host, database) =>
      `createdb --owner=brownie_owner ${database}, or mend its name in METADATA_POSTGRES_DSN; then: brownie migrate`,
  },
  {
    matches: /^42501/,
    finding: (place) => `The login may not connect to the database of ${place}`,
    remedy: (_host, database) => `as its owner: grant connect on database ${database} to brownie_app`,
  },
  {
    matches: /^53300/,
    finding: (place) => `${place} has no connection left`,
    remedy: () =>
      'as a superuser: select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3; ' +
      'stop what holds them, or lower METADATA_POSTGRES_MAX_OVERFLOW',
  },
  {
    matches: /^57P0/,
    finding: (place) => `${place} is starting or stopping, or recovers`,
    remedy: () => 'wait, and read its log',
  },
  {
    matches: /does not support SSL/,
    finding: (place) => `${place} speaks no TLS, and METADATA_POSTGRES_DSN demands it`,
    remedy: () => 'switch it on (ssl = on in postgresql.conf), see deploy/postgres/',
  },
  {
    matches: /ALTNAME/,
    finding: (place) => `The certificate of ${place} is for another name`,
    remedy: () => 'name the host as its certificate does, or: brownie certs generate --server-name <name>',
  },
  {
    matches: /CERT|SSL|certificate/,
    finding: (place) => `TLS with ${place} fails: one side does not accept the other's certificate`,
    remedy: () => 'brownie certs status',
  },
];

/** What an error of the driver means. `place` is where it happened: `db.example.com:5432/brownie`. */
export function databaseFault(error: unknown, place: string): DatabaseFault {
  const [code, message] = describe(error);
  if (error instanceof Error && error.name === 'CertificateFilesError') {
    return { kind: 'certificates', finding: message, evidence: [], remedy: 'brownie certs status' };
  }
  const text = `${code} ${message}`.trim();
  const [host = '', database = ''] = place.split(/:\d+\//);
  const known = explanations.find(({ matches }) => matches.test(text));
  return {
    kind: 'connection',
    finding: known?.finding(place) ?? `${place} cannot be used`,
    evidence: [text],
    remedy: known?.remedy(host, database) ?? 'psql "$METADATA_POSTGRES_DSN" -c "select 1"',
  };
}

/** @NOTE where a name has several addresses, the driver's error is one of all attempts. */
function describe(error: unknown): readonly [code: string, message: string] {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return describe(error.errors[0]);
  }
  if (!(error instanceof Error)) {
    return ['', String(error)];
  }
  return ['code' in error && typeof error.code === 'string' ? error.code : '', error.message];
}
