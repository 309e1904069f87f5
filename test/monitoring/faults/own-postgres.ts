import { join } from 'node:path';
import { migrationsDirectory } from '../../../src/platform/database/preflight.ts';
import { postgresProcessesOn } from '../../../src/platform/embedded-postgres/process-table.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/embedded-postgres/start-embedded-postgres.ts';
import { applyMigrations, readMigrations } from '../../../src/platform/migrations/index.ts';

/** A PostgreSQL of a test's own, migrated, to be stopped and frozen. */
export interface OwnPostgres extends AsyncDisposable {
  readonly superuserDsn: string;
  readonly ownerDsn: string;
  readonly serviceDsn: string;
  stop(): Promise<void>;
  /** Again after `stop`, at the same address. */
  start(): Promise<void>;
  /** Stops every process of it as it stands: connections stay open and nothing answers. */
  freeze(): Promise<void>;
  resume(): Promise<void>;
}

/** Starts PostgreSQL in `directory`, with settings over those of the supervisor. */
export async function ownPostgres(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnPostgres> {
  const begin = () => startEmbeddedPostgres({ directory, settings });
  let running: EmbeddedPostgres = await begin();
  const { superuserDsn, ownerDsn, serviceDsn } = running;
  await applyMigrations({
    dsn: ownerDsn,
    migrations: await readMigrations(migrationsDirectory),
    onProgress: () => undefined,
  });
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    for (const pid of await postgresProcessesOn(join(directory, 'postgres'))) {
      process.kill(pid, name);
    }
  };
  const stop = () => running.stop();
  return {
    superuserDsn,
    ownerDsn,
    serviceDsn,
    stop,
    async start() {
      running = await begin();
    },
    freeze: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}
