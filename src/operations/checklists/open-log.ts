import { Readable } from 'node:stream';
import { findProgram } from '../../platform/programs/find-program.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import type { Log, LogLine } from './item.ts';
import { readLog, readLogFile } from './read-log.ts';
import { unit } from './shell.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by this user',
  EISDIR: 'it is a folder',
};

/**
 * Reads the log, of a file where one is named, else of the journal. Never rejects: what else a checklist looks at does not
 * depend on it.
 */
export async function openLog(file: string | undefined, since: Date): Promise<Log> {
  if (file === undefined) {
    const lines = await readJournal(since);
    return { source: { kind: lines === undefined ? 'container' : 'journal' }, lines };
  }
  const source = { kind: 'file', path: file } as const;
  try {
    return { source, lines: await readLogFile(file, since) };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return { source, lines: undefined, fault: `${file} cannot be read: ${reasons[code] ?? message}` };
  }
}

/** The service's lines in the journal; undefined where there is no journal, or nothing of it in there. */
async function readJournal(since: Date): Promise<readonly LogLine[] | undefined> {
  if ((await findProgram('journalctl')) === undefined) {
    return undefined;
  }
  const { code, stdout } = await runToEnd('journalctl', [
    ...['--output', 'cat', '--unit', unit, '--unit', `${unit}@*`, '--no-pager'],
    ...['--since', `@${Math.floor(since.getTime() / 1000)}`],
  ]);
  const lines = code === 0 ? await readLog(Readable.from([stdout]), since).catch(() => []) : [];
  return lines.length === 0 ? undefined : lines;
}
