import { readdir, readFile, writeFile } from 'node:fs/promises';

/** @NOTE what Linux counts the CPU time of processes in, whatever the machine (USER_HZ): 10 ms. */
const microsecondsPerTick = 10_000;

interface Times {
  readonly pid: number;
  readonly parent: number;
  /** Of it, and of those of its children that have ended. */
  readonly microseconds: number;
}

/** The CPU time, user and system, that a process and all that it started have used so far. */
export async function cpuMicroseconds(root: number): Promise<number> {
  return (await treeOf(root)).reduce((sum, { microseconds }) => sum + microseconds, 0);
}

/** The CPU time of the children of this process that have ended. */
export async function endedChildrenMicroseconds(): Promise<number> {
  const [, , , , user = 0, system = 0] = await statFields('self');
  return (user + system) * microsecondsPerTick;
}

/** The most memory that was resident, in bytes, since `forgetPeaks`: the peaks of all processes of the tree, as if they came at once. */
export async function peakResidentBytes(root: number): Promise<number> {
  const peaks = (await treeOf(root)).map(async ({ pid }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  });
  return (await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0);
}

/** Lets the peaks of the tree begin anew at what is resident now. */
export async function forgetPeaks(root: number): Promise<void> {
  for (const { pid } of await treeOf(root)) {
    // proc(5), clear_refs: 5 resets the peak of the resident set.
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
  }
}

async function treeOf(root: number): Promise<Times[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(timesOf));
  const tree = new Map<number, Times>();
  let added: Times[] = all.filter(({ pid }) => pid === root);
  while (added.length > 0) {
    for (const times of added) {
      tree.set(times.pid, times);
    }
    added = all.filter(({ pid, parent }) => tree.has(parent) && !tree.has(pid));
  }
  return [...tree.values()];
}

async function timesOf(pid: string): Promise<Times> {
  const [parent = 0, ...ticks] = await statFields(pid);
  return {
    pid: Number(pid),
    parent,
    microseconds: ticks.slice(1).reduce((sum, each) => sum + each, 0) * microsecondsPerTick,
  };
}

/** proc(5): parent, group; then user and system time of its own and of children that ended. Nothing where it is gone. */
async function statFields(pid: string): Promise<number[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat
    .slice(stat.lastIndexOf(') ') + 2)
    .split(' ')
    .map(Number);
  return stat === '' ? [] : [...fields.slice(1, 3), ...fields.slice(11, 15)];
}
