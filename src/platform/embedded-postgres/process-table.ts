import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { type Command, runProgram } from './run-program.ts';
import { clusterName } from './server-settings.ts';

/**
 * The pids of all living PostgreSQL processes, server and children, that work on a data folder.
 * A process counts by what it is, never by its number alone: numbers are given out again.
 * @param dataDirectory an absolute path without symbolic links
 */
export async function postgresProcessesOn(dataDirectory: string): Promise<number[]> {
  return process.platform === 'linux' ? fromProc(dataDirectory) : fromPs(dataDirectory);
}

/**
 * Linux: programs called `postgres` whose working folder is the data folder, as PostgreSQL's always is.
 * Synchronous because that takes a fifth of the time: some hundred tiny reads, which never touch a disk.
 */
export function fromProc(dataDirectory: string): number[] {
  const folder = statSync(dataDirectory, { throwIfNoEntry: false });
  if (folder === undefined) {
    return [];
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isPostgresIn(`/proc/${name}`, folder))
    .map(Number);
}

function isPostgresIn(process: string, folder: Stats): boolean {
  try {
    if (readFileSync(`${process}/comm`, 'utf8') !== 'postgres\n') {
      return false;
    }
    const { dev, ino } = statSync(`${process}/cwd`);
    return dev === folder.dev && ino === folder.ino;
  } catch {
    // @NOTE It ended (a zombie has no working folder), or is another user's and therefore not ours.
    return false;
  }
}

/** Elsewhere: a server by its `-D` argument, its children by the cluster's name in their titles. */
export async function fromPs(dataDirectory: string): Promise<number[]> {
  const ps: Command = ['ps', ['axww', '-o', 'pid=', '-o', 'command=']];
  const { output } = await runProgram(ps, { outputLengthMax: 10_000_000 });
  const child = `postgres: ${clusterName(dataDirectory)}: `;
  const server = `/postgres -D ${dataDirectory} -c `;
  return output
    .split('\n')
    .map((line) => /^\s*(\d+) (.*)$/.exec(line))
    .filter((line) => {
      const title = line?.[2] ?? '';
      // @NOTE The shell is the server's watchdog, which was given the same arguments.
      return title.startsWith(child) || (title.includes(server) && !title.startsWith('/bin/sh '));
    })
    .map((line) => Number(line?.[1]));
}
