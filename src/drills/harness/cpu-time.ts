import { readFile } from 'node:fs/promises';
import { processesIn } from './kill-everything.ts';

/** What Linux counts in, whatever its own clock. */
const ticksPerSecond = 100;

/** The processor time that the processes of a folder have taken so far, those that have ended included, in seconds. */
export async function cpuSecondsIn(directory: string): Promise<number> {
  const ticks = (await processesIn(directory)).map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // @NOTE the name, in brackets, may hold spaces: fields are counted from behind it. utime, stime, cutime, cstime (proc(5)).
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .reduce((sum, each) => sum + Number(each), 0);
  });
  return (await Promise.all(ticks)).reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}
