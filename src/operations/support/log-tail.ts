import { open } from 'node:fs/promises';
import { findProgram } from '../../platform/programs/find-program.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { logLine } from '../checklists/read-log.ts';
import { unit } from '../checklists/shell.ts';

const bytesMax = 4 * 1024 ** 2;

/**
 * The last lines of the service's log, of a file or else of the journal; other programs' lines are left out. Rejects where there is
 * none to be had.
 */
export async function logTail(file: string | undefined, linesMax: number): Promise<string> {
  const text = file === undefined ? await journalTail(linesMax) : await fileTail(file);
  const lines = text.split('\n').filter((line) => logLine(line) !== undefined);
  if (lines.length === 0) {
    throw new Error(`${file ?? 'the journal'} holds no line of the service: name its log with --log`);
  }
  return `${withoutAddresses(lines.slice(-linesMax)).join('\n')}\n`;
}

async function fileTail(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const length = Math.min(size, bytesMax);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8');
}

async function journalTail(linesMax: number): Promise<string> {
  if ((await findProgram('journalctl')) === undefined) {
    throw new Error('there is no journal on this machine: name the log with --log');
  }
  const args = ['--output', 'cat', '--no-pager', '--lines', String(linesMax)];
  return (await runToEnd('journalctl', [...args, '--unit', unit, '--unit', `${unit}@*`])).stdout;
}

/** Clients by a number instead of their address: who was who stays visible, who they are does not. */
function withoutAddresses(lines: readonly string[]): readonly string[] {
  const numbers = new Map<string, number>();
  return lines.map((line) =>
    line.replace(/"client_address":"([^"]*)"/g, (_, address: string) => {
      const number = numbers.get(address) ?? numbers.size + 1;
      numbers.set(address, number);
      return `"client_address":"client-${number}"`;
    }),
  );
}
