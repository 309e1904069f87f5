import type { ResolvedConfig } from '../config/index.ts';
import type { DrainOptions } from '../features/instance/index.ts';
import { hasOrganizations } from '../features/organizations/index.ts';
import { CheckpointKeys } from '../platform/audit/checkpoint.ts';
import { readAccessLog, SealedAccounts } from '../platform/auth/accounts/index.ts';
import { PayloadFingerprints } from '../platform/changes/payload-fingerprints.ts';
import { Database } from '../platform/database/database.ts';
import { DatabaseProbe } from '../platform/database/database-probe.ts';
import { createPool } from '../platform/database/pool.ts';
import { Cursors } from '../platform/http/cursor.ts';
import { RequestContext } from '../platform/http/request-context.ts';
import { MailSeal } from '../platform/mail/mail-seal.ts';
import { currentMaintenance } from '../platform/maintenance/index.ts';
import { setLogLevel } from '../platform/observability/logger.ts';
import { createMetrics } from '../platform/observability/metrics.ts';
import { poolGauges } from '../platform/observability/metrics-database.ts';
import type { Log } from '../platform/observability/open-log.ts';
import { version } from '../platform/system/version.ts';
import { openTracing } from '../platform/tracing/open-tracing.ts';
import { buildApp } from './app.ts';
import { BackupWatch } from './backup-watch.ts';
import { httpOptions } from './http-options.ts';
import { listen, requireFreePorts } from './listen.ts';
import { openCertificates } from './open-certificates.ts';
import { openDatabase } from './open-database.ts';
import { checkpointSecrets, cursorSecrets, openDataKeys, openKeyRing } from './open-key-ring.ts';
import { openRedis } from './open-redis.ts';
import { openReplicas } from './open-replicas.ts';
import { ConfigReload } from './reload/config-reload.ts';
import { sealRegularly } from './seal-audit-trail.ts';

export interface Server extends AsyncDisposable {
  /** `http://localhost:8080` */
  readonly url: string;
  /** Loads the configuration again; false where it was refused. Never rejects. */
  reload(): Promise<boolean>;
  /** Stops to serve without losing a request; answers how many took too long and were cut off. Dispose of it then. */
  stop(options: DrainOptions): Promise<number>;
  /** Whether there is any organization yet. Rejects with the driver's error. */
  isInUse(): Promise<boolean>;
}

export interface ServerOptions {
  readonly log: Pick<Log, 'logger' | 'counts'>;
  readonly stopping: AbortSignal;
  /** Reads `.env` and the files of secrets again. Throws ConfigurationError. */
  readonly readConfig: () => ResolvedConfig<string>;
}

/**
 * Puts the service together and starts it: database, Redis, application, listeners. Closes in reverse. Throws
 * StartError, EmbeddedPostgresError or a migration's error; an AbortError where it was told to stop before it was there.
 */
export async function startServer(
  started: ResolvedConfig<string>,
  { log, stopping, readConfig }: ServerOptions,
): Promise<Server> {
  const { config } = started;
  const { logger } = log;
  await requireFreePorts(config);
  await using resources = new AsyncDisposableStack();
  const tracing = resources.use(await openTracing({ ...config.tracing, serviceVersion: version, logger }));
  const database = await openDatabase(config, logger, resources, stopping);
  const { dsn, tls, role, latestMigration } = database;
  const pool = createPool({
    ...config.pool,
    dsn,
    tls,
    ...(role === undefined ? {} : { role }),
    onIdleError: (error) => logger.warn({ error }, 'connection failed while idle; it is replaced'),
  });
  resources.defer(() => pool.end());
  const metrics = createMetrics({ version, pool: poolGauges(pool), log: log.counts });
  const probe = resources.use(new DatabaseProbe(dsn, tls));
  resources.use(sealRegularly(new Database({ pool }), { check: () => probe.check(), logger }));
  const redis = openRedis(config.redis, logger, resources);

  const http = httpOptions(config, logger);
  const certificates = resources.use(
    await openCertificates({
      database: tls.files,
      dsn,
      tls: http.tls,
      path: config.http.tls?.cert,
      metrics,
      logger,
    }),
  );
  const keys = resources.use(await openKeyRing(config.jwt, pool, logger));
  keys.watch(metrics.keysChanged);
  const cursors = new Cursors(cursorSecrets(config.jwt));
  const fingerprints = new PayloadFingerprints(cursorSecrets(config.jwt));
  const seal = new MailSeal(cursorSecrets(config.jwt));
  const checkpointKeys = new CheckpointKeys(checkpointSecrets(config));
  const accountSeal = new SealedAccounts(cursorSecrets(config.jwt));
  const box = await openDataKeys(config.jwt, pool, logger);
  const reload = new ConfigReload({
    started,
    read: readConfig,
    async apply(changed) {
      const { jwt } = changed;
      await keys.useSecrets({
        current: jwt.secret,
        previous: jwt.previousSecret,
        algorithm: jwt.algorithm,
      });
      await box.useSecrets({ current: jwt.secret, previous: jwt.previousSecret });
      cursors.useSecrets(cursorSecrets(jwt));
      fingerprints.useSecrets(cursorSecrets(jwt));
      seal.useSecrets(cursorSecrets(jwt));
      checkpointKeys.useSecrets(checkpointSecrets(changed));
      accountSeal.useSecrets(cursorSecrets(jwt));
      await certificates.check();
    },
    certificates: certificates.inUse,
    setLevel: (level) => setLogLevel(logger, level),
    logger,
    onResult: metrics.configReloaded,
  });

  const context = new RequestContext();
  const replicas = await openReplicas(config, { database, context, metrics, logger }, resources);
  const echo = (sql: string): void =>
    logger.info(
      { logger: 'brownie.sql', request_id: context.requestId, sql, ...tracing.fields() },
      'statement sent',
    );
  const app = resources.use(
    await buildApp({
      context,
      pool,
      replicas,
      prePing: config.pool.prePing,
      queryObserver: config.pool.echo ? { onStatement: echo } : {},
      http,
      jwt: { ...config.jwt, keys },
      cursors,
      box,
      passkeys: config.passkeys,
      fingerprints,
      sessions: config.sessions,
      checkpointKeys,
      passwords: config.passwords,
      quotas: config.quotas,
      signup: {
        attemptsPerMinute: config.signup.attemptsPerMinute,
        successesPerHour: config.signup.limitPerHour ?? null,
      },
      oidcProviders: config.oidcProviders,
      mail: { ...config.mail, seal },
      checks: {
        database: () => probe.check(),
        ...(redis === undefined ? {} : { redis: () => redis.ping() }),
      },
      accounts: config.cache.isOn
        ? {
            ...config.cache,
            readAccess: (since) => readAccessLog((text) => probe.query(text), since),
            redis,
            seals: accountSeal,
          }
        : undefined,
      maintenance: () => currentMaintenance(probe),
      onReload: () => reload.run(),
      migrations: { latest: latestMigration, pending: 0 },
      certificates: certificates.current,
      securityContacts: config.http.securityContacts,
      operations: {
        ...config.operations,
        hasOwnListener: config.operations.port !== undefined,
        areMetricsGated: config.environment === 'production' && config.operations.port === undefined,
      },
      metrics,
      tracing,
    }),
  );
  const backups = resources.use(
    new BackupWatch({ installation: config, directory: config.backup.directory, probe, metrics, logger }),
  );
  await backups.look();

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
    reload: () => reload.run(),
    stop: app.stop,
    isInUse: () => hasOrganizations(pool),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
