import type { Config } from '../config/index.ts';
import { chosenDsn } from '../platform/database/choose-server.ts';
import { DatabaseTls } from '../platform/database/database-tls.ts';
import {
  inspectDatabase,
  migrationsDirectory,
  type Preflight,
  requireWritableServer,
} from '../platform/database/preflight.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts';
import { StartError } from '../platform/errors/operation-error.ts';
import {
  applyMigrations,
  migrationLabel,
  readMigrations,
  renderProgress,
} from '../platform/migrations/index.ts';
import type { Migration } from '../platform/migrations/migration.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { pluralize } from '../platform/system/wording.ts';
import { awaitDatabase } from './await-database.ts';
import { openStartupListener } from './startup-listener.ts';

/** A database that the service may run on. */
export interface OpenDatabase {
  readonly dsn: string;
  readonly tls: DatabaseTls;
  /** The role that each connection takes on, where the login has too many rights. */
  readonly role: string | undefined;
  /** The newest migration of this version, which is applied. */
  readonly latestMigration: string;
}

/**
 * Opens the database of the configuration: starts and migrates the embedded one, or looks whether the service may run
 * on the one that is named. What it starts is closed with `resources`. Throws StartError, EmbeddedPostgresError, CertificateFilesError or a
 * migration's error.
 */
export async function openDatabase(
  config: Config,
  logger: Logger,
  resources: AsyncDisposableStack,
  stopping: AbortSignal,
): Promise<OpenDatabase> {
  const migrations = await readMigrations(migrationsDirectory);
  const newest = migrations.at(-1);
  const latestMigration = newest === undefined ? '' : migrationLabel(newest);
  if (config.database.mode === 'embedded') {
    const embedded = await startEmbeddedPostgres({
      directory: config.database.dataDir,
      settings: { max_connections: String(config.pool.sizeMax + 20) },
      onLog: (message) => logger.info({ logger: 'brownie.postgres' }, message),
    });
    resources.use(embedded);
    await migrate(embedded.ownerDsn, migrations, logger);
    const dsn = embedded.serviceDsn;
    return { dsn, tls: new DatabaseTls(dsn), role: undefined, latestMigration };
  }
  const { dsn } = config.database;
  const tls = new DatabaseTls(dsn);
  const { faults, warnings, role } = await inspectWhenThere(dsn, config, logger, stopping);
  if (faults.length > 0) {
    throw new StartError(faults.join('\n'));
  }
  for (const warning of warnings) {
    logger.warn(warning);
  }
  return { dsn, tls, role, latestMigration };
}

/** Applies what is pending. A new database has many: how each went is for who asks for it, their sum for everybody. */
async function migrate(dsn: string, migrations: readonly Migration[], logger: Logger): Promise<void> {
  const began = performance.now();
  const fields = { logger: 'brownie.migrations' };
  const applied = await applyMigrations({
    dsn,
    migrations,
    onProgress: (progress) =>
      logger[/^appl/.test(progress.kind) ? 'debug' : 'info'](fields, renderProgress(progress)),
  });
  const newest = applied.at(-1);
  if (newest !== undefined) {
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    const what = pluralize(applied.length, 'migration');
    logger.info(fields, `${what} applied in ${seconds} s, up to ${migrationLabel(newest)}`);
  }
}

/** As `inspectDatabase`; a database that does not answer yet, or takes no writes, is waited for, with probes answered meanwhile. */
async function inspectWhenThere(
  dsn: string,
  config: Config,
  logger: Logger,
  stopping: AbortSignal,
): Promise<Preflight> {
  await using resources = new AsyncDisposableStack();
  let isWaiting = false;
  return await awaitDatabase({
    async attempt() {
      const chosen = await chosenDsn(dsn);
      await requireWritableServer(chosen);
      return await inspectDatabase(chosen, config.environment === 'production');
    },
    timeoutSeconds: config.lifecycle.startTimeoutSeconds,
    stopping,
    async onWait({ reason, complaint, seconds }) {
      if (!isWaiting) {
        isWaiting = true;
        resources.use(await openStartupListener(config, logger));
      }
      logger.warn(
        { logger: 'brownie.start', reason },
        `connection failed: the database ${complaint}; it is tried again in ${seconds.toFixed(1)} s`,
      );
    },
  });
}
