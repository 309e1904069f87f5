import type { ServiceConfig } from '../config/index.ts';
import { DatabaseProbe } from '../platform/database/database-probe.ts';
import { certificatesOfDsn } from '../platform/database/dsn-tls.ts';
import { createPool } from '../platform/database/pool.ts';
import { Cursors } from '../platform/http/cursor.ts';
import { RequestContext } from '../platform/http/request-context.ts';
import { currentMaintenance } from '../platform/maintenance/index.ts';
import { CertificateWatch } from '../platform/observability/certificates.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { connectRedis } from '../platform/redis/redis.ts';
import { version } from '../platform/system/version.ts';
import { openTracing } from '../platform/tracing/open-tracing.ts';
import { type App, buildApp } from './app.ts';
import { BackupWatch } from './backup-watch.ts';
import { listen } from './listen.ts';
import { openDatabase } from './open-database.ts';
import { cursorSecrets, openKeyRing } from './open-key-ring.ts';
import { followCertificates, httpCertificates } from './reload/follow-certificates.ts';
import type { InEffect } from './reload/reload-changes.ts';

export interface Server extends AsyncDisposable {
  /** `http://localhost:8080` */
  readonly url: string;
  readonly app: App;
  /** The certificates in use, by name: their fingerprints. */
  certificates(): InEffect;
  /** Brings into effect what a changed configuration, or a changed file that it names, can change without a restart. */
  reload(config: ServiceConfig): Promise<void>;
}

export interface ServerOptions {
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  /** Loads the configuration again when the operator asks for it; false where it was refused. */
  readonly onReload: () => Promise<boolean>;
}

/**
 * Puts the service together and starts it: database, Redis, application, listeners. Closes in reverse. Throws
 * StartError, EmbeddedPostgresError or a migration's error; an AbortError where it was told to stop before it was there.
 */
export async function startServer(
  config: ServiceConfig,
  { logger, stopping, onReload }: ServerOptions,
): Promise<Server> {
  await using resources = new AsyncDisposableStack();
  const tracing = resources.use(await openTracing({ ...config.tracing, serviceVersion: version, logger }));
  const { dsn, tls, role, latestMigration } = await openDatabase(config, logger, resources, stopping);
  const pool = createPool({
    ...config.pool,
    dsn,
    tls,
    ...(role === undefined ? {} : { role }),
    onIdleError: (error) => logger.warn({ error }, 'connection failed while idle; it is replaced'),
  });
  resources.defer(() => pool.end());
  const probe = resources.use(new DatabaseProbe(dsn, tls));
  const redis =
    config.redis.url === undefined ? undefined : resources.use(openRedis(config.redis.url, logger));
  const certificates = resources.use(
    new CertificateWatch({
      files: new Map([
        ...certificatesOfDsn(dsn),
        ...(config.http.tls === undefined ? [] : ([['server', config.http.tls.cert]] as const)),
      ]),
      onRead: (read) => app.metrics.certificatesRead(read),
      onError: (error) => logger.error({ error }, 'a certificate cannot be read'),
    }),
  );

  const httpTls = httpCertificates(config.http.tls);
  const keys = resources.use(await openKeyRing(config.jwt, pool, logger));
  const cursors = new Cursors(cursorSecrets(config.jwt));
  const context = new RequestContext();
  const app: App = await buildApp({
    context,
    pool,
    poolSizeMax: config.pool.sizeMax,
    prePing: config.pool.prePing,
    queryObserver: config.pool.echo
      ? {
          onStatement: (sql) =>
            logger.info(
              { logger: 'brownie.sql', request_id: context.requestId, sql, ...tracing.fields() },
              'statement sent',
            ),
        }
      : {},
    http: {
      corsOrigins: config.http.corsOrigins,
      trustedProxies: config.http.trustedProxies,
      compatibility: config.compatibility,
      logger,
      ...(httpTls === undefined ? {} : { tls: httpTls }),
    },
    jwt: { ...config.jwt, keys },
    cursors,
    passwords: config.passwords,
    signup: {
      attemptsPerMinute: config.signup.attemptsPerMinute,
      successesPerHour: config.signup.limitPerHour ?? null,
    },
    oidc: config.oidc,
    checks: { database: () => probe.check(), ...(redis === undefined ? {} : { redis: () => redis.ping() }) },
    maintenance: () => currentMaintenance(probe),
    onReload,
    migrations: { latest: latestMigration, pending: 0 },
    certificates: () => certificates.current,
    operations: { ...config.operations, hasOwnListener: config.operations.port !== undefined },
    tracing,
  });
  resources.use(app);
  keys.watch(app.metrics.keysChanged);
  const { metrics } = app;
  const backups = resources.use(new BackupWatch({ directory: config.backup.directory, probe, metrics }));
  await Promise.all([certificates.read(), backups.look()]);
  const reload = resources.use(
    followCertificates({ tls, pool, httpTls, app, onChange: () => certificates.read(), logger }),
  );

  const { host, port } = config.http;
  const url = await listen(app.http, host, port, 'METADATA_PORT');
  if (app.operations !== undefined) {
    const operations = await listen(app.operations, host, config.operations.port ?? 0, 'METADATA_OPS_PORT');
    logger.info({ url: operations }, 'operations listener started');
  }
  app.lifecycle.started();
  const closing = resources.move();
  return {
    url,
    app,
    certificates: () => reload.inUse,
    reload: async ({ jwt }) => {
      await keys.useSecrets({ current: jwt.secret, previous: jwt.previousSecret });
      cursors.useSecrets(cursorSecrets(jwt));
      reload.check();
      await certificates.read();
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** @NOTE a Redis that is away says so at each attempt to come back; once is enough. */
function openRedis(url: string, logger: Logger) {
  let lastMessage = '';
  return connectRedis({
    url,
    onError: (error) => {
      if (error.message !== lastMessage) {
        lastMessage = error.message;
        logger.warn({ logger: 'brownie.redis', error }, 'connection to Redis failed; it is tried again');
      }
    },
  });
}
