import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../system/until.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { postgresProcessesOn } from './process-table.ts';

/**
 * Stops every PostgreSQL process that is left on a data folder, then removes its `postmaster.pid`.
 * The caller holds the lock on the folder, so nobody else's server can be meant.
 */
export async function stopLeftovers(dataDirectory: string, log: (message: string) => void): Promise<void> {
  const pids = await postgresProcessesOn(dataDirectory);
  if (pids.length > 0) {
    log(`stopping leftover PostgreSQL processes on ${dataDirectory}: ${pids.join(', ')}`);
    await stopAll(dataDirectory);
  }
  // @NOTE Left in place, it would keep the server down as soon as its number belongs to any living process.
  await rm(join(dataDirectory, 'postmaster.pid'), { force: true });
}

async function stopAll(dataDirectory: string): Promise<void> {
  const postmaster = (await readPostmasterFile(dataDirectory))?.pid;
  const left = () => postgresProcessesOn(dataDirectory);
  const hasServer = (await left()).some((pid) => pid === postmaster);
  const steps = [
    // @NOTE Without their server the children end by themselves, but one amid a long statement has to be told.
    { signal: 'SIGINT', to: (pid: number) => pid === postmaster, timeoutMs: hasServer ? 10_000 : 500 },
    { signal: 'SIGQUIT', to: () => true, timeoutMs: 5000 },
    { signal: 'SIGKILL', to: () => true, timeoutMs: 5000 },
  ] as const;
  for (const { signal, to, timeoutMs } of steps) {
    for (const pid of (await left()).filter(to)) {
      send(pid, signal);
    }
    if (await until(async () => (await left()).length === 0, { timeoutMs, everyMs: 50 })) {
      return;
    }
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL processes on ${dataDirectory} do not end: see why (pid ${(await left()).join(', ')}), then start again`,
  );
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // @NOTE It ended in the meantime, which is what we want.
  }
}
