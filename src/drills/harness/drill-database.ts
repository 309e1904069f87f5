import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../platform/embedded-postgres/index.ts';
import type { Variables } from '../../platform/programs/child-options.ts';
import { runBrownie } from '../../platform/programs/run-brownie.ts';

/** A migrated database, crash-safe, that can be stopped and started again at the same address. */
export interface DrillDatabase extends AsyncDisposable {
  /** Database `postgres`. */
  readonly superuserDsn: string;
  readonly ownerDsn: string;
  readonly serviceDsn: string;
  readonly port: number;
  /** What makes a process of `brownie` an instance on this database; the same JWT secret for all. */
  readonly variables: Variables;
  stop(): Promise<void>;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL in a folder and migrates it.
 * @param settings over the defaults, as in `postgresql.conf`
 */
export async function startDrillDatabase(
  directory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<DrillDatabase> {
  const open = () =>
    startEmbeddedPostgres({
      directory: join(directory, 'database'),
      settings: { max_connections: '200', ...settings },
    });
  let server = await open();
  const { superuserDsn, ownerDsn, serviceDsn, port } = server;
  const variables = {
    METADATA_POSTGRES_DSN: serviceDsn,
    METADATA_POSTGRES_MIGRATION_DSN: ownerDsn,
    METADATA_JWT_SECRET: randomBytes(32).toString('base64'),
  };
  try {
    await runBrownie(['migrate'], { variables, directory });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    superuserDsn,
    ownerDsn,
    serviceDsn,
    port,
    variables,
    stop: () => server.stop(),
    async start() {
      server = await open();
      if (server.port !== port) {
        throw new Error(`the database came back at port ${server.port} instead of ${port}`);
      }
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
