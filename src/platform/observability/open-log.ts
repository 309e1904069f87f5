import { LineWriter } from '../system/line-writer.ts';
import { createLogger, type Logger, type LogLevel } from './logger.ts';
import type { LogCounts } from './metrics-log.ts';
import { prettyLines } from './pretty-log.ts';

export interface LogOptions {
  readonly level: LogLevel;
  /** Whether it goes to a terminal: lines for people then, else JSON. */
  readonly isForPeople: boolean;
  /** Told what the log itself cannot tell: that it cannot be written. */
  readonly onFailure: (message: string) => void;
}

export interface Log {
  readonly logger: Logger;
  readonly counts: LogCounts;
  /** Writes text between the lines, as it is. */
  print(text: string): void;
}

/**
 * The log on standard output. It never waits for whoever reads or keeps it: with a full disk or a reader that is gone the service goes on,
 * and says so; see LineWriter.
 */
export function openLog({ level, isForPeople, onFailure }: LogOptions): Log {
  const writer: LineWriter = new LineWriter({
    fd: 1,
    onFailure: (reason) =>
      onFailure(`the log cannot be written (${reason}): the service goes on, and tries again`),
    onRecovery: (lines) =>
      logger.warn(
        { logger: 'brownie.log', lost_lines: lines },
        'the log could not be written, and can again',
      ),
  });
  process.once('exit', () => writer.flushSync());
  const logger = createLogger({ level, destination: isForPeople ? prettyLines(writer) : writer });
  return { logger, counts: writer, print: (text) => writer.write(text) };
}
