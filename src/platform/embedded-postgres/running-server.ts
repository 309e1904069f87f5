import { statfs } from 'node:fs/promises';
import { until } from '../system/until.ts';
import { EmbeddedPostgresError, explainFailure, knownFault } from './embedded-postgres-error.ts';
import { stopLeftovers } from './leftover-processes.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import type { Command } from './run-program.ts';
import { lastLines, logSize, rotateLog } from './server-log.ts';
import { type ServerProcess, spawnServer } from './server-process.ts';

/** What it takes to start a server; `directory` is the one messages speak of. */
export interface ServerPlan {
  readonly command: Command;
  readonly directory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly log: (message: string) => void;
  /** How long a server may take without a sign of progress. */
  readonly patienceMs?: number;
}

/** The port was taken by another program between the choice and the start. */
export class PortTakenError extends EmbeddedPostgresError {}

/**
 * Clears what an earlier run left, starts the server and waits until it accepts connections.
 * Crash recovery may take as long as it needs while it reports progress.
 * Throws EmbeddedPostgresError quoting the server's last log lines; nothing is left running then
 */
export async function startServer(plan: ServerPlan): Promise<ServerProcess> {
  const { dataDirectory, logFile } = plan;
  try {
    await stopLeftovers(dataDirectory, plan.log);
    await rotateLog(logFile);
    const logStart = await logSize(logFile);
    const server = await spawnServer(plan.command, plan);
    const fault = await waitUntilReady(server, plan, logStart);
    if (fault === null) {
      return server;
    }
    await server.abort();
    await stopLeftovers(dataDirectory, plan.log);
    throw await explainFault(fault, plan, logStart);
  } catch (error) {
    throw explainFailure(error, plan.directory, 'starting PostgreSQL');
  }
}

async function waitUntilReady(
  server: ServerProcess,
  { dataDirectory, logFile, patienceMs = 30_000 }: ServerPlan,
  logStart: number,
): Promise<string | null> {
  let end: string | undefined;
  server.ended.then((how) => {
    end = how;
  });
  const settled = async () => {
    if (end !== undefined) {
      return true;
    }
    const file = await readPostmasterFile(dataDirectory);
    return file?.pid === server.pid && file.ready;
  };
  for (let progress = ''; ; ) {
    if (await until(settled, { timeoutMs: patienceMs })) {
      break;
    }
    const seen = (await lastLines(logFile, logStart)).filter((line) => line.includes('elapsed time')).join();
    if (seen === progress) {
      return `it was not ready within ${patienceMs / 1000} s`;
    }
    progress = seen;
  }
  return end === undefined ? null : `it ended (${end})`;
}

async function explainFault(
  fault: string,
  { directory, logFile }: ServerPlan,
  logStart: number,
): Promise<EmbeddedPostgresError> {
  const lines = (await lastLines(logFile, logStart)).join(' | ');
  if (/Address already in use/.test(lines)) {
    return new PortTakenError(`another program took the port: ${lines}`);
  }
  const { bavail, bsize } = await statfs(directory);
  // @NOTE On a full disk the server's complaint finds no room in the log either.
  const evidence = bavail * bsize < 1_000_000 ? 'ENOSPC' : lines;
  const words = `PostgreSQL did not start, ${fault}: ${lines || 'it wrote nothing to its log'}`;
  return new EmbeddedPostgresError(knownFault(evidence, directory) ?? words);
}
