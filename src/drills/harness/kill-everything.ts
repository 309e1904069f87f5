import { readFile, readlink } from 'node:fs/promises';
import { allProcesses } from '../../platform/system/processes.ts';
import { until } from '../../platform/system/until.ts';

/**
 * kill -9 of every process that works in a folder or was started with its name: a server, its children, and what they left
 * running. The folder is a drill's own, so nobody else's process is one of them.
 */
export async function killEverythingIn(directory: string): Promise<void> {
  const isOver = await until(
    async () => {
      const pids = await processesIn(directory);
      signalAll(pids, 'SIGKILL');
      return pids.length === 0;
    },
    { timeoutMs: 20_000 },
  );
  if (!isOver) {
    throw new Error(`processes in ${directory} could not be killed`);
  }
}

/** Sends a signal to every process of a folder, as above, once: SIGSTOP freezes a server with all that belongs to it. */
export async function signalEverythingIn(directory: string, signal: NodeJS.Signals): Promise<void> {
  signalAll(await processesIn(directory), signal);
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It was quicker.
    }
  }
}

/** The processes that work in a folder or were started with its name. */
export async function processesIn(directory: string): Promise<number[]> {
  const running = (await allProcesses()).filter((each) => each.isRunning && each.pid !== process.pid);
  const found = await Promise.all(
    running.map(async ({ pid }) => {
      const [arguments_, cwd] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
      ]);
      const isIts =
        cwd === directory || cwd.startsWith(`${directory}/`) || arguments_.includes(`${directory}/`);
      return isIts ? [pid] : [];
    }),
  );
  return found.flat();
}
