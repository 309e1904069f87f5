import type { Log } from './item.ts';
import { readJournal } from './journal.ts';
import { readLogFile } from './read-log.ts';

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
