import { type App, buildApp } from './app.ts';
import type { Config } from './config/index.ts';
import { inspectDatabase, migrationsDirectory } from './database-gate.ts';
import { createPool } from './platform/database/pool.ts';
import { startEmbeddedPostgres } from './platform/embedded-postgres/index.ts';
import { applyMigrations, readMigrations, renderProgress } from './platform/migrations/index.ts';
import type { Logger } from './platform/observability/logger.ts';

export interface Server extends AsyncDisposable {
  /** `http://localhost:8080` */
  readonly url: string;
  readonly app: App;
}

/** A start that was refused, in words that say what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Puts the service together and starts it: database, application, listener. Closes in reverse: the listener first,
 * then the pool, then the embedded database. Throws StartError, EmbeddedPostgresError or a migration's error.
 */
export async function startServer(config: Config, logger: Logger): Promise<Server> {
  await using resources = new AsyncDisposableStack();
  const { dsn, role } = await openDatabase(config, logger, resources);
  const pool = createPool({
    ...config.pool,
    dsn,
    ...(role === undefined ? {} : { role }),
    onIdleError: (error) => logger.warn({ error }, 'connection failed while idle; it is replaced'),
  });
  resources.defer(() => pool.end());

  const app = await buildApp({
    pool,
    poolSizeMax: config.pool.sizeMax,
    prePing: config.pool.prePing,
    probes: config.pool.echo
      ? { onStatement: (sql) => logger.info({ logger: 'brownie.sql', sql }, 'statement sent') }
      : {},
    http: { ...config.http, logger },
    jwt: config.jwt,
    passwords: config.passwords,
    signup: {
      attemptsPerMinute: config.signup.attemptsPerMinute,
      successesPerHour: config.signup.limitPerHour ?? null,
    },
  });
  resources.defer(() => app.http.close());
  const { host, port } = config.http;
  try {
    await app.http.listen({ host, port });
  } catch (error) {
    throw explainListenError(error, host, port);
  }
  const address = app.http.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  const closing = resources.move();
  return {
    url: `http://${['0.0.0.0', '::', '127.0.0.1'].includes(host) ? 'localhost' : host}:${actualPort}`,
    app,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function openDatabase(
  config: Config,
  logger: Logger,
  resources: AsyncDisposableStack,
): Promise<{ dsn: string; role: string | undefined }> {
  if (config.database.mode === 'embedded') {
    const embedded = await startEmbeddedPostgres({
      directory: config.database.dataDir,
      settings: { max_connections: String(config.pool.sizeMax + 20) },
      onLog: (message) => logger.info({ logger: 'brownie.postgres' }, message),
    });
    resources.use(embedded);
    await applyMigrations({
      dsn: embedded.ownerDsn,
      migrations: await readMigrations(migrationsDirectory),
      onProgress: (progress) => logger.info({ logger: 'brownie.migrations' }, renderProgress(progress)),
    });
    return { dsn: embedded.serviceDsn, role: undefined };
  }
  const { dsn } = config.database;
  const { faults, warnings, role } = await inspectDatabase(dsn, config.environment === 'production');
  if (faults.length > 0) {
    throw new StartError(faults.join('\n'));
  }
  for (const warning of warnings) {
    logger.warn(warning);
  }
  return { dsn, role };
}

function explainListenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as { code?: string };
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is taken: stop what listens there, or set METADATA_PORT to another`,
    EACCES: `Port ${port} is not allowed for this user: set METADATA_PORT to one above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set METADATA_HOST to one that is`,
    ENOTFOUND: `${host} is not a known host: set METADATA_HOST to an address of this machine`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  return reason === undefined ? error : new StartError(reason, { cause: error });
}
