import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import { chosenDsn } from '../platform/database/choose-server.ts';
import { inspectDatabase, migrationsDirectory } from '../platform/database/preflight.ts';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { applyMigrations, readMigrations } from '../platform/migrations/index.ts';

/** The database of the service, for as long as a command needs it. */
export interface CommandDatabase extends AsyncDisposable {
  /** Logs in as the role that owns the tables. */
  readonly ownerDsn: string;
  /** Logs in as the role of the service, which row-level security binds. */
  readonly serviceDsn: string;
}

/** Whether a command may make a database in a folder that has none; one that only looks may not. */
interface OpenOptions {
  readonly mayCreate?: boolean;
}

/**
 * The configured database; in embedded mode the server that a running service has on the data folder, else one that
 * is started here and stopped when disposed of. Throws OperationError where there is no database yet and none may be made,
 * EmbeddedPostgresError where it does not start; connects only to choose one of several servers, and throws pg's error where it cannot.
 */
export async function openDatabase(
  config: Config,
  { mayCreate = false }: OpenOptions = {},
): Promise<CommandDatabase> {
  if (!mayCreate) {
    requireDatabase(config.database);
  }
  return await open(config, async () => undefined);
}

/**
 * As `openDatabase`, with every migration applied: a server that is started here is migrated, of any other it is
 * demanded. `role` is what connections of the service's login must take on, where that login has too many rights.
 * Throws OperationError where migrations are pending, and pg's error where the database cannot be reached.
 */
export async function openMigratedDatabase(
  config: Config,
  { mayCreate = false }: OpenOptions = {},
): Promise<CommandDatabase & { readonly role: string | undefined }> {
  if (!mayCreate) {
    requireDatabase(config.database);
  }
  await using resources = new AsyncDisposableStack();
  const database = resources.use(await open(config, migrate));
  const { faults, role } = await inspectDatabase(database.serviceDsn, false);
  if (faults.length > 0) {
    throw new OperationError(faults.join('\n'));
  }
  const kept = resources.move();
  return { ...database, role, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/**
 * Throws where there is no database yet. @NOTE a shell without the service's environment would make one, change it, and say that
 * all is done.
 */
function requireDatabase(database: Config['database']): void {
  if (database.mode === 'embedded' && !existsSync(join(database.dataDir, 'postgres', 'PG_VERSION'))) {
    throw new OperationError(
      `METADATA_POSTGRES_DSN is not set, and there is no database in ${resolve(database.dataDir)}: run this with the environment of the service. A new service gets one from \`brownie migrate\`, or when it starts`,
    );
  }
}

const nothingToClose = { [Symbol.asyncDispose]: async () => undefined };

async function open(
  { database }: Config,
  onStarted: (ownerDsn: string) => Promise<unknown>,
): Promise<CommandDatabase> {
  if (database.mode === 'external') {
    const ownerDsn = await chosenDsn(database.migrationDsn);
    const serviceDsn = await chosenDsn(database.dsn);
    return { ownerDsn, serviceDsn, ...nothingToClose };
  }
  return await openServer(database.dataDir, onStarted);
}

/**
 * The server of an embedded database: that of a running service, else one that is started here and stopped when disposed of. Throws
 * OperationError where there is no database yet, EmbeddedPostgresError where it does not start.
 */
export async function openEmbedded(
  dataDir: string,
): Promise<CommandDatabase & { readonly superuserDsn: string }> {
  requireDatabase({ mode: 'embedded', dataDir });
  return await openServer(dataDir, async () => undefined);
}

async function openServer(dataDir: string, onStarted: (ownerDsn: string) => Promise<unknown>) {
  const running = await runningEmbeddedPostgres(dataDir);
  if (running !== null) {
    return { ...running, ...nothingToClose };
  }
  const started = await startEmbeddedPostgres({ directory: dataDir });
  try {
    await onStarted(started.ownerDsn);
    return started;
  } catch (error) {
    await started.stop();
    throw error;
  }
}

const migrate = async (dsn: string) =>
  applyMigrations({
    dsn,
    migrations: await readMigrations(migrationsDirectory),
    onProgress: () => undefined,
  });
