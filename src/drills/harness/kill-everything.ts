import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../platform/system/until.ts';

/**
 * kill -9 of every process that works in a folder or was started with its name: a server, its children, and what they left
 * running. The folder is a drill's own, so nobody else's process is one of them.
 */
export async function killEverythingIn(directory: string): Promise<void> {
  const isOver = await until(
    async () => {
      const pids = await processesIn(directory);
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It was quicker.
        }
      }
      return pids.length === 0;
    },
    { timeoutMs: 20_000 },
  );
  if (!isOver) {
    throw new Error(`processes in ${directory} could not be killed`);
  }
}

async function processesIn(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const folder = join('/proc', String(pid));
      const [arguments_, cwd, state] = await Promise.all([
        readFile(join(folder, 'cmdline'), 'utf8').catch(() => ''),
        readlink(join(folder, 'cwd')).catch(() => ''),
        readFile(join(folder, 'stat'), 'utf8').catch(() => ''),
      ]);
      const isGone = /\) [ZX] /.test(state) || state === '';
      const isIts =
        cwd === directory || cwd.startsWith(`${directory}/`) || arguments_.includes(`${directory}/`);
      return isIts && !isGone && pid !== process.pid ? [pid] : [];
    }),
  );
  return found.flat();
}
