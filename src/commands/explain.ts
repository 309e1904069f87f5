import { CommanderError } from 'commander';
import { asJson } from './outcome.ts';

/**
 * Errors that a person can mend, by name: their message is all there is to say. Names, not classes: loading the whole
 * service to print one line would take longer than everything else that a failing command does.
 */
const expected = [
  'CertificateFilesError',
  'CommandError',
  'StartError',
  'KeyRingError',
  'EmbeddedPostgresError',
  'MigrationError',
  'MigrationFilesError',
  'MigrationRefusedError',
  'OperationError',
  'RefusedError',
];

export interface Explanation {
  /** For stderr. */
  readonly lines: readonly string[];
  /** 0 where only help was asked for, 1 failed, 2 wrong usage, 4 refused. */
  readonly exitCode: 0 | 1 | 2 | 4;
  /** For stdout, where `--json` was asked for: whoever parses it gets a document, whatever happens. */
  readonly json: string;
}

const words = { 1: 'failed', 2: 'wrong_usage', 4: 'refused' } as const;

/** What to print for an error, and how to end. */
export function explain(error: unknown): Explanation {
  const { lines, exitCode } = linesAndCode(error);
  // @NOTE commander has printed what is wrong with the usage.
  const messages = error instanceof CommanderError ? [error.message.replace(/^error: /, '')] : lines;
  return {
    lines,
    exitCode,
    json: exitCode === 0 ? '' : asJson({ error: words[exitCode], exitCode, messages }),
  };
}

function linesAndCode(error: unknown): Omit<Explanation, 'json'> {
  if (error instanceof CommanderError) {
    return { lines: [], exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  if (error instanceof Error) {
    return { lines: linesFor(error), exitCode: error.name === 'RefusedError' ? 4 : 1 };
  }
  return { lines: [String(error)], exitCode: 1 };
}

function linesFor(error: Error): readonly string[] {
  if (error.name === 'ConfigurationError' && 'faults' in error && Array.isArray(error.faults)) {
    const warnings = 'warnings' in error && Array.isArray(error.warnings) ? error.warnings : [];
    return [...error.faults, ...warnings.map((warning) => `warning: ${warning}`)];
  }
  if (error.name === 'ApiError' && error.cause instanceof Error) {
    return linesFor(error.cause);
  }
  if (expected.includes(error.name)) {
    return [error.message];
  }
  if (isTlsError(error)) {
    return [
      `The certificate of the database's server is not accepted (${codeOf(error)}: ${error.message}): check sslrootcert ` +
        'and the host name in METADATA_POSTGRES_DSN; brownie certs status shows what the server presents',
    ];
  }
  // @NOTE the driver's way of saying it has neither a code nor a class.
  if (error.message.includes('client password must be a string')) {
    return [
      'The database asks for a password, and METADATA_POSTGRES_DSN holds none: add it, or let the login in by its certificate alone ' +
        '(deploy/postgres/pg_hba.mutual-tls.conf)',
    ];
  }
  return isConnectionError(error)
    ? [
        `The database cannot be reached (${codeOf(error) ?? error.message}): check METADATA_POSTGRES_DSN and that it is running`,
      ]
    : [error.stack ?? error.message];
}

const isConnectionError = (error: Error): boolean =>
  /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28|3D000|57P0)/.test(codeOf(error) ?? '') ||
  error.message.startsWith('Connection terminated');

/** Those of Node.js for a certificate that cannot be verified, and of OpenSSL for an alert of the other side. */
const isTlsError = (error: Error): boolean =>
  /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_)/.test(codeOf(error) ?? '');

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;
