import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { isLogLine, type ProcessLevel, processLine } from './process-line.ts';

/** Longer silence than the pauses inside one crash report: V8 resolves its symbols while it writes. */
const quietMs = 500;
const lengthMax = 64 * 1024;

export interface WrappedLines {
  /**
   * Resolves once the stream has ended and everything but what was written last, in no form of ours, is out: `lastWords`
   * writes that.
   */
  readonly ended: Promise<void>;
  /** Writes what is left, at the level that the end of the process deserves. */
  lastWords(level: ProcessLevel): void;
}

/**
 * Passes the lines of a stream on, each a JSON object: a line that is one stays as it is; other text becomes the
 * message of a line of `brownie.process`. Text that comes in one go (a stack, V8's report of its end) is one message.
 */
export function wrapLines(stream: Readable, write: (line: string) => void): WrappedLines {
  const pending: string[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = (level: ProcessLevel): void => {
    clearTimeout(timer);
    const message = pending.splice(0).join('\n').trim();
    length = 0;
    if (message !== '') {
      write(processLine(/FATAL ERROR|Fatal error/.test(message) ? 'critical' : level, message));
    }
  };
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    if (isLogLine(line)) {
      flush('error');
      write(`${line}\n`);
      return;
    }
    pending.push(line);
    length += line.length;
    clearTimeout(timer);
    if (length > lengthMax) {
      flush('error');
    } else {
      timer = setTimeout(() => flush('error'), quietMs);
    }
  });
  const ended = new Promise<void>((resolve) => {
    lines.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return { ended, lastWords: flush };
}
