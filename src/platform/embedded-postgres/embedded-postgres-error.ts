import { OperatorError } from '../errors/operation-error.ts';

/** Why the embedded PostgreSQL cannot serve: `message` is one line that says what is wrong and what to do. */
export class EmbeddedPostgresError extends OperatorError {
  override readonly name = 'EmbeddedPostgresError';
}

/** The way out that is open to everybody, quoted at the end of messages. */
export const useAnotherServer = 'set METADATA_POSTGRES_DSN to a PostgreSQL 15 or newer';

/** The `code` of a Node.js system error (`ENOENT`) or of a PostgreSQL error (`28P01`), if there is one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) {
    return undefined;
  }
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns a failure on the data folder into one actionable line.
 * @param error a system error, or an error whose message is output of `initdb` or `postgres`
 * @param doing what was going on, as a phrase that "failed" can follow
 */
export function explainFailure(cause: unknown, directory: string, doing: string): EmbeddedPostgresError {
  if (cause instanceof EmbeddedPostgresError) {
    return cause;
  }
  const words = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause) ?? '';
  const known = knownFault(words.includes(code) ? words : `${words} (${code})`, directory);
  return new EmbeddedPostgresError(known ?? `${doing} failed: ${oneLine(words)}`, { cause });
}

/** The sentence for a fault of the folder or its disk that some output or error code tells of, or null. */
export function knownFault(evidence: string, directory: string): string | null {
  // @NOTE 53100 is PostgreSQL's own code, for when the last page went half-way onto the disk.
  if (/ENOSPC|EDQUOT|\b53100\b|No space left on device|Disk quota exceeded/i.test(evidence)) {
    return `the disk that holds ${directory} is full: free some space there, then start again`;
  }
  if (/EROFS|Read-only file system/i.test(evidence)) {
    return `${directory} is on a read-only file system: choose a folder that can be written, or ${useAnotherServer}`;
  }
  if (/EACCES|EPERM|Permission denied|wrong ownership/i.test(evidence)) {
    const advice = 'start as the owner of the folder, or choose another one';
    return `uid ${process.getuid?.() ?? 'unknown'} may not use ${directory} (${oneLine(evidence)}): ${advice}`;
  }
  if (/ENOTDIR|EEXIST/.test(evidence)) {
    return `${directory} is not a folder: choose a folder for the data, or move that file away`;
  }
  return null;
}

/** Several lines of output as one line of a message. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' | ');
}
