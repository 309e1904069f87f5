import { readdir, readFile, writeFile } from 'node:fs/promises';

/** @NOTE what Linux counts the CPU time of processes in, whatever the machine (USER_HZ): 10 ms. */
const microsecondsPerTick = 10_000;

interface Times {
  readonly pid: number;
  /** Of it, and of those of its children that have ended. */
  readonly microseconds: number;
}

/** The CPU time, user and system, that a process and all that it started have used so far. */
export async function cpuMicroseconds(root: number): Promise<number> {
  return (await treeOf(root)).reduce((sum, { microseconds }) => sum + microseconds, 0);
}

/** The CPU time of the children of this process that have ended. */
export async function endedChildrenMicroseconds(): Promise<number> {
  const [, , user = 0, system = 0] = await usedTicks('self');
  return (user + system) * microsecondsPerTick;
}

/** The most memory that was resident, in bytes, since `forgetPeaks`: the peaks of all processes of the tree, as if they came at once. */
export const peakResidentBytes = (root: number): Promise<number> => sumOf(root, /^VmHWM:\s+(\d+) kB/m);

/** The memory that is resident, in bytes. */
export const residentBytes = (root: number): Promise<number> => sumOf(root, /^VmRSS:\s+(\d+) kB/m);

async function sumOf(root: number, line: RegExp): Promise<number> {
  const sizes = (await treeOf(root)).map(async ({ pid }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    return Number(line.exec(status)?.[1] ?? 0) * 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Lets the peaks of the tree begin anew at what is resident now. */
export async function forgetPeaks(root: number): Promise<void> {
  for (const { pid } of await treeOf(root)) {
    // proc(5), clear_refs: 5 resets the peak of the resident set.
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
  }
}

async function treeOf(pid: number): Promise<Times[]> {
  const [times, children] = await Promise.all([timesOf(pid), childrenOf(pid)]);
  return [times, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** @NOTE of each thread, from the kernel: looking for them among all processes took more than some of what is measured. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = threads.map((thread) =>
    readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function timesOf(pid: number): Promise<Times> {
  const ticks = await usedTicks(String(pid));
  return { pid, microseconds: ticks.reduce((sum, each) => sum + each, 0) * microsecondsPerTick };
}

/** proc(5): user and system time of its own and of children that ended. Nothing where it is gone. */
async function usedTicks(pid: string): Promise<number[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat
    .slice(stat.lastIndexOf(') ') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
}
