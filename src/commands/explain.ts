import { CommanderError } from 'commander';
import { failureOf } from '../platform/database/database-failures.ts';
import { ApiError } from '../platform/errors/api-error.ts';
import type { OperatorError } from '../platform/errors/operation-error.ts';
import { asJson } from './outcome.ts';

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
  if (isForOperators(error)) {
    return { lines: error.lines, exitCode: error.exitCode };
  }
  return { lines: error instanceof Error ? linesFor(error) : [String(error)], exitCode: 1 };
}

/** @NOTE by what it has, not by its class: the configuration depends on nothing, and extends no error of the platform. */
const isForOperators = (error: unknown): error is Pick<OperatorError, 'lines' | 'exitCode'> =>
  error instanceof Error && 'lines' in error && 'exitCode' in error;

function linesFor(error: Error): readonly string[] {
  if (error instanceof ApiError && error.cause instanceof Error) {
    return linesAndCode(error.cause).lines;
  }
  return [failureLine(error) ?? error.stack ?? error.message];
}

/** What to say of a database that cannot be used; undefined where the error is another. */
function failureLine(error: Error): string | undefined {
  const failure = failureOf(error);
  if (failure?.isOfConnecting !== true) {
    return undefined;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  switch (failure.kind) {
    case 'other_host':
    case 'not_trusted':
      return (
        `The certificate of the database's server is not accepted (${code}: ${error.message}): check sslrootcert ` +
        'and the host name in METADATA_POSTGRES_DSN; brownie certs status shows what the server presents'
      );
    case 'no_password':
      return (
        'The database asks for a password, and METADATA_POSTGRES_DSN holds none: add it, or let the login in by its certificate alone ' +
        '(deploy/postgres/pg_hba.mutual-tls.conf)'
      );
    default:
      return `The database cannot be reached (${code ?? error.message}): check METADATA_POSTGRES_DSN and that it is running`;
  }
}
