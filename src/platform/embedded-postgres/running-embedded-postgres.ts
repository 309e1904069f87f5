import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../system/until.ts';
import { dsnOf, loadCredentials } from './credentials.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { postgresProcessesOn } from './process-table.ts';
import type { EmbeddedPostgres } from './start-embedded-postgres.ts';

/** Where a running server is reached; see {@link EmbeddedPostgres}. */
export type EmbeddedPostgresAddresses = Pick<
  EmbeddedPostgres,
  'port' | 'superuserDsn' | 'ownerDsn' | 'serviceDsn'
>;

/**
 * The server that another process keeps running on a folder, or null where none runs. It goes on running whatever
 * the caller does; one that is still starting is waited for, 10 s at most.
 */
export async function runningEmbeddedPostgres(directory: string): Promise<EmbeddedPostgresAddresses | null> {
  const dataDirectory = join(directory, 'postgres');
  const isSettled = async () => (await serverOn(dataDirectory))?.ready ?? true;
  await until(isSettled, { timeoutMs: 10_000, everyMs: 50 });
  const server = await serverOn(dataDirectory);
  if (server === null || !server.ready) {
    return null;
  }
  const { port } = server;
  const credentials = await loadCredentials(directory);
  return {
    port,
    superuserDsn: dsnOf(credentials, 'postgres', port, 'postgres'),
    ownerDsn: dsnOf(credentials, 'brownie_owner', port, 'brownie'),
    serviceDsn: dsnOf(credentials, 'brownie_service', port, 'brownie'),
  };
}

/** @NOTE the port comes from the server's own file: the one in `credentials.json` is that of the last finished start. */
async function serverOn(dataDirectory: string): ReturnType<typeof readPostmasterFile> {
  const file = await readPostmasterFile(dataDirectory);
  const isAlive =
    file !== null && (await postgresProcessesOn(await realpath(dataDirectory))).includes(file.pid);
  return isAlive ? file : null;
}
