import { readdir, readFile } from 'node:fs/promises';

/** The processes that a process has started, and what they are called. */
export async function childrenOf(parent: number): Promise<{ pid: number; name: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, name = '', parentPid] = /^\d+ \((.*)\) \S (\d+)/s.exec(stat) ?? [];
      return Number(parentPid) === parent ? [{ pid, name }] : [];
    }),
  );
  return found.flat();
}
