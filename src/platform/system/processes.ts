import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine. @NOTE read from /proc: Linux alone. */
export interface ProcessStatus {
  readonly pid: number;
  readonly parent: number;
  /** At most its first 15 characters. */
  readonly name: string;
  /** One that waits to be reaped holds nothing any more: no file, no port, no connection. */
  readonly isRunning: boolean;
}

/** All processes that there are, in no order. */
export async function allProcesses(): Promise<ProcessStatus[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(statusOf))).filter((status) => status !== undefined);
}

/** Those that a process has started. */
export const childrenOf = async (pid: number): Promise<ProcessStatus[]> =>
  (await allProcesses()).filter(({ parent }) => parent === pid);

export const isRunning = async (pid: number): Promise<boolean> => (await statusOf(pid))?.isRunning ?? false;

/** Undefined where there is none. */
async function statusOf(pid: number): Promise<ProcessStatus | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, name, state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(stat) ?? [];
  return name === undefined
    ? undefined
    : { pid, parent: Number(parent), name, isRunning: state !== 'Z' && state !== 'X' };
}
