import pg from 'pg';

/** One way in which the database, or the way to it, fails. */
interface Failure {
  /** Who says so: the server, by a SQLSTATE (PostgreSQL manual, appendix A), or Node.js and the driver, having no answer of it. */
  readonly saidBy: 'server' | 'client';
  /** Of `<code> <message>`. */
  readonly matches: RegExp;
  /** Whether the same may well succeed a little later. */
  readonly passes: boolean;
  /** Whether it says that no connection can be had, rather than what went wrong on one. */
  readonly isOfConnecting: boolean;
}

const away = { saidBy: 'client', passes: true, isOfConnecting: true } as const;
const notLetIn = { saidBy: 'server', passes: false, isOfConnecting: true } as const;
const full = { saidBy: 'server', passes: true, isOfConnecting: true } as const;
const interrupted = { saidBy: 'server', passes: true, isOfConnecting: false } as const;
const unwritable = { saidBy: 'client', passes: true, isOfConnecting: false } as const;
const misfit = { saidBy: 'client', passes: false, isOfConnecting: true } as const;

/**
 * Every failure that we tell apart; the first that matches counts. Whoever waits for the database, answers a request without it,
 * or tells a person what is wrong, reads this.
 */
const failures = {
  nothing_listens: { ...away, matches: /^ECONNREFUSED|^ENOENT .*\.s\.PGSQL/ },
  unknown_host: { ...away, matches: /^(ENOTFOUND|EAI_AGAIN)/ },
  no_answer: {
    ...away,
    matches:
      /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout e|Query read timeout|Connection terminated due to connection timeout)/,
  },
  reset: { ...away, matches: /^(ECONN|EPIPE)/ },
  terminated: { ...away, matches: /^(Connection terminated|Client .* not queryable|Cannot use a pool)/ },
  wrong_password: { ...notLetIn, matches: /^28P01/ },
  tls_demanded: { ...notLetIn, matches: /^28.*no pg_hba\.conf entry.*no encryption/ },
  host_not_let_in: { ...notLetIn, matches: /^28.*no pg_hba\.conf entry/ },
  login_refused: { ...notLetIn, matches: /^28/ },
  no_database: { ...notLetIn, matches: /^3D000/ },
  no_connection_left: { ...full, matches: /^53300/ },
  not_running: { ...full, matches: /^57P0/ },
  no_right: { saidBy: 'server', passes: false, isOfConnecting: false, matches: /^42501/ },
  connection_fault: { ...interrupted, matches: /^08/ },
  no_resources: { ...interrupted, matches: /^53/ },
  read_only: { ...interrupted, matches: /^25006/ },
  not_writable: { ...unwritable, matches: /^The database takes no writes/ },
  took_too_long: { ...interrupted, matches: /^(57014|55P03|25P03)/ },
  conflict: { ...interrupted, matches: /^(40001|40P01)/ },
  // A prepared statement that does not fit its tables any more, or that only one of client and server knows: see outdated-plans.ts.
  outdated_plan: { ...interrupted, matches: /^(0A000|26000|42P05)/ },
  no_password: { ...misfit, matches: /client password must be a/ },
  no_tls: { ...misfit, matches: /^The server does not support SSL/ },
  other_host: { ...misfit, matches: /^ERR_TLS_CERT_ALTNAME_INVALID/ },
  not_trusted: {
    ...misfit,
    matches:
      /^(\w*CERT|\w*CRL|EPROTO|ERR_SSL_|ERR_TLS_|UNABLE_TO_|INVALID_(CA|PURPOSE)|There was an error establishing an SSL)/,
  },
} as const satisfies Readonly<Record<string, Failure>>;

export type FailureKind = keyof typeof failures;

/** What failed. */
export interface DatabaseFailure extends Pick<Failure, 'passes' | 'isOfConnecting'> {
  readonly kind: FailureKind;
}

const rows = Object.entries(failures) as readonly (readonly [FailureKind, Failure])[];

/** What an error of the driver means; undefined where it is none of these: a mistake in a statement, or no error of the driver. */
export function failureOf(error: unknown): DatabaseFailure | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const saidBy = error instanceof pg.DatabaseError ? 'server' : 'client';
  const text = textOf(error);
  const row = rows.find(([, failure]) => failure.saidBy === saidBy && failure.matches.test(text));
  return row === undefined ? undefined : { ...row[1], kind: row[0] };
}

/** `<code> <message>`. @NOTE where a name has several addresses, the error is one of all attempts: the first counts. */
export function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return textOf(error.errors[0]);
  }
  if (!(error instanceof Error)) {
    return String(error);
  }
  return 'code' in error && typeof error.code === 'string' ? `${error.code} ${error.message}` : error.message;
}
