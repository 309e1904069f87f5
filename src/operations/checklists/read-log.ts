import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LogLine } from './item.ts';

/** A line of the service's log; undefined where a line is none: other programs may write into the same stream. */
export function logLine(text: string): LogLine | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || !('level' in read) || !('message' in read)) {
    return undefined;
  }
  const fields = read as Record<string, unknown>;
  const word = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  const { status_code: status } = fields;
  return {
    level: String(fields['level']),
    message: String(fields['message']),
    at: new Date(String(fields['timestamp'])),
    status: typeof status === 'number' ? status : undefined,
    method: word('method'),
    endpoint: word('endpoint'),
    errorCode: word('error_code'),
    address: word('client_address'),
  };
}

/** The lines of a stream that are not older than a moment. Rejects where the stream fails, or holds something else only. */
export async function readLog(stream: Readable, since: Date): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  let [all, others] = [0, 0];
  for await (const text of createInterface({ input: stream })) {
    const line = logLine(text);
    all += 1;
    others += line === undefined ? 1 : 0;
    if (line !== undefined && line.at >= since) {
      lines.push(line);
    }
  }
  // @NOTE a log that was set for a terminal, or another program's, has no error that we would see.
  if (all > 0 && others === all) {
    throw new Error('none of its lines is a JSON line of the service');
  }
  return lines;
}

/** Those of a file. Rejects where it cannot be read. */
export const readLogFile = (path: string, since: Date): Promise<readonly LogLine[]> =>
  new Promise((resolve, reject) => {
    const stream = createReadStream(path);
    stream.once('error', reject);
    readLog(stream, since).then(resolve, reject);
  });
