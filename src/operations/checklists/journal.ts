import { Readable } from 'node:stream';
import { findProgram } from '../../platform/programs/find-program.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import type { LogLine } from './item.ts';
import { readLog } from './read-log.ts';
import { unit } from './shell.ts';

/** The service's lines in the journal; undefined where there is no journal, or nothing of it in there. */
export async function readJournal(since: Date): Promise<readonly LogLine[] | undefined> {
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
