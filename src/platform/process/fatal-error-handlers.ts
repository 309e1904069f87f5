import { serializeError } from '../observability/logger.ts';
import { promiseEnd } from './end-deadline.ts';
import { type ProcessLevel, processLine } from './process-line.ts';

// @NOTE standard error, which is written at once; the log is written when there is time, and here is none.
const write = (level: ProcessLevel, message: string, error: unknown): void => {
  process.stderr.write(processLine(level, message, { error: serializeError(error) }));
};

/** What the end of a process takes at most on a machine that is very busy. */
const endMs = 5_000;

/** Writes Node's warnings as lines of the log instead of as text. */
export function onWarning(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => write('warning', `${warning.name}: ${warning.message}`, warning));
}

/** Writes what ends the process as a line of the log, not as Node's text, which would show every property of it. */
export function onFatalError(): void {
  process.on('uncaughtException', (error, origin) => {
    write('critical', `the service ends because of an error that nothing caught (${origin})`, error);
    endNow();
  });
}

/** Ends this process with exit code 1, in seconds whatever its log does: what is waiting to be written is written if that goes at once. */
export function endNow(): never {
  promiseEnd(endMs);
  process.exit(1);
}
