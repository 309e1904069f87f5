import type { FastifyInstance, FastifyRequest } from 'fastify';
import type pg from 'pg';
import {
  type DetailInputs,
  type DrainOptions,
  drain,
  HealthService,
  type HealthServiceOptions,
  Lifecycle,
  OperatorAccess,
  type OperatorAccessOptions,
  OperatorService,
  operatorRoutes,
  serveOperations,
  serveProbes,
  servicePaths,
} from '../features/instance/index.ts';
import type { OidcProviderOptions, SignupLimitOptions } from '../features/sessions/index.ts';
import type { PasswordPolicyOptions } from '../platform/auth/password-policy.ts';
import { principalStore } from '../platform/auth/principal-store.ts';
import type { TokenOptions } from '../platform/auth/tokens.ts';
import { Database } from '../platform/database/database.ts';
import type { QueryObserver } from '../platform/database/queryable.ts';
import { serveDocuments } from '../platform/documents/index.ts';
import { createAuthentication } from '../platform/http/authentication.ts';
import type { Cursors } from '../platform/http/cursor.ts';
import { GracefulStop } from '../platform/http/graceful-stop.ts';
import { createHttpServer, type HttpServerOptions } from '../platform/http/http-server.ts';
import { apiPrefix, registerRoutes, requirePermissions } from '../platform/http/register-routes.ts';
import { RequestContext } from '../platform/http/request-context.ts';
import { RequestTelemetry } from '../platform/http/request-telemetry.ts';
import type { Route } from '../platform/http/route.ts';
import { type Maintenance, MaintenanceWatch, maintenanceRefusal } from '../platform/maintenance/index.ts';
import { createMetrics, type Metrics } from '../platform/observability/metrics.ts';
import type { CertificateTimes } from '../platform/observability/metrics-process.ts';
import { version } from '../platform/system/version.ts';
import { noTracing, type Tracing } from '../platform/tracing/tracing.ts';
import { type Api, constraintErrors, createApi } from './api.ts';
import { apiDocument } from './api-document.ts';

export interface AppDependencies {
  readonly pool: pg.Pool;
  /** The most connections that `pool` opens. */
  readonly poolSizeMax: number;
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing?: boolean;
  /** Look on as statements go by: the log of METADATA_POSTGRES_ECHO, the row check of tests. */
  readonly queryObserver?: QueryObserver;
  readonly http: HttpServerOptions;
  readonly jwt: Omit<TokenOptions, 'onVerified'>;
  readonly cursors: Cursors;
  readonly passwords: PasswordPolicyOptions;
  readonly signup: SignupLimitOptions;
  /** The provider of single sign-on, where there is one. */
  readonly oidc?: OidcProviderOptions | undefined;
  readonly checks: HealthServiceOptions['checks'];
  readonly migrations: DetailInputs['migrations'];
  /** Looks whether maintenance is on. */
  readonly maintenance: () => Promise<Maintenance | undefined>;
  /** Loads the configuration again; false where it was refused. */
  readonly onReload: () => Promise<boolean>;
  /** The certificates in use, as they were last read. */
  readonly certificates: () => readonly CertificateTimes[];
  readonly operations: OperatorAccessOptions & { readonly hasOwnListener: boolean };
  /** Knows the request at hand; one of the application's own by default. */
  readonly context?: RequestContext;
  /** Where requests are followed; nowhere by default. */
  readonly tracing?: Tracing;
}

export interface App extends AsyncDisposable {
  readonly http: FastifyInstance;
  /** The operators' listener, where they have one of their own. */
  readonly operations: FastifyInstance | undefined;
  readonly routes: Api['routes'];
  /** On the operators' listener where there is one, else beside `routes`. */
  readonly operatorRoutes: readonly Route[];
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  /** Stops to serve without losing a request; answers how many took too long and were cut off. Dispose of it then. */
  stop(options: DrainOptions): Promise<number>;
}

/** The application on what it depends on. Reads no environment and does not listen. */
export async function buildApp(dependencies: AppDependencies): Promise<App> {
  const { pool, prePing = false, http: httpOptions, tracing = noTracing } = dependencies;
  const { context = new RequestContext() } = dependencies;
  const gauges = {
    active: () => pool.totalCount - pool.idleCount,
    idle: () => pool.idleCount,
    waiting: () => pool.waitingCount,
    max: dependencies.poolSizeMax,
  };
  const metrics = createMetrics({ version, pool: gauges });
  const db = new Database({
    pool,
    prePing,
    queryObserver: { ...dependencies.queryObserver, roundTrip: tracing.statement },
    observer: {
      ...metrics,
      connectionAcquired(seconds) {
        metrics.connectionAcquired(seconds);
        tracing.connectionAcquired(seconds);
      },
    },
    constraints: constraintErrors,
    requestId: () => context.requestId,
  });
  const { routes, tokens } = createApi({
    ...dependencies,
    oidc: dependencies.oidc && { ...dependencies.oidc, logger: httpOptions.logger },
    db,
    metrics,
  });
  const maintenance = new MaintenanceWatch({
    read: dependencies.maintenance,
    onChange(mode) {
      metrics.maintenanceChanged(mode);
      httpOptions.logger.warn(
        { logger: 'brownie.operations', maintenance_message: mode?.message, until: mode?.until ?? undefined },
        mode === undefined ? 'maintenance is over' : 'maintenance: changes are refused',
      );
    },
  });
  const health = new HealthService({
    ...dependencies,
    maintenance: () => maintenance.current,
    checks: {
      ...dependencies.checks,
      async database() {
        await dependencies.checks.database();
        db.reachable();
      },
    },
    version,
    pool: gauges,
    onChange: (dependency, status) => {
      metrics.dependencyChanged(dependency, status === 'healthy');
      httpOptions.logger[status === 'healthy' ? 'info' : 'error'](
        { logger: 'brownie.health', dependency, status },
        status === 'healthy'
          ? `${dependency} is healthy`
          : `connection failed: ${dependency} does not answer`,
      );
    },
  });
  const lifecycle = new Lifecycle(metrics.drainingChanged);
  const endpoints = {
    health: () => health.inputs(),
    lifecycle,
    access: new OperatorAccess(dependencies.operations),
    registry: metrics.registry,
  };

  const stops: GracefulStop[] = [];
  const newListener = async (): Promise<FastifyInstance> => {
    const telemetry = new RequestTelemetry(httpOptions.logger, metrics);
    const onUnreadable = telemetry.unreadable.bind(telemetry);
    const listener = await createHttpServer({ ...httpOptions, onUnreadable });
    stops.push(new GracefulStop(listener, () => lifecycle.phase === 'draining'));
    context.follow(listener);
    requirePermissions(listener);
    tracing.observeRequests(listener);
    telemetry.observe(listener);
    serveProbes(listener, endpoints);
    return listener;
  };
  const http = await newListener();
  const guards = {
    authenticate: createAuthentication({
      tokens,
      principals: principalStore(db),
      onFailure: metrics.authenticationFailed,
    }),
    requireOperator: ({ headers }: FastifyRequest) => endpoints.access.requireToken(headers.authorization),
    admitChange() {
      if (maintenance.current !== undefined) {
        throw maintenanceRefusal(maintenance.current);
      }
    },
  };
  const forOperator = operatorRoutes(
    new OperatorService({
      pool,
      watch: maintenance,
      lifecycle,
      health: () => health.inputs(),
      keys: dependencies.jwt.keys,
      inFlight: () => stops.reduce((sum, { inFlight }) => sum + inFlight, 0),
      reload: dependencies.onReload,
      logger: httpOptions.logger,
    }),
  );
  registerRoutes(http, routes, guards);
  for (const { method, url, status } of [...routes, ...forOperator]) {
    metrics.announceRoute(method, `${apiPrefix}${url}`, status);
  }
  for (const path of servicePaths) {
    metrics.announceRoute('GET', path, 200);
  }
  const operations = dependencies.operations.hasOwnListener ? await newListener() : undefined;
  serveOperations(operations ?? http, endpoints);
  registerRoutes(operations ?? http, forOperator, guards);
  await serveDocuments(http, apiDocument([...routes, ...forOperator]));
  await Promise.all([health.start(), maintenance.start()]);
  return {
    http,
    operations,
    routes,
    operatorRoutes: forOperator,
    metrics,
    lifecycle,
    stop: (options) => drain(lifecycle, stops, options),
    async [Symbol.asyncDispose]() {
      await Promise.all([http.close(), operations?.close()]);
      await Promise.all([health[Symbol.asyncDispose](), maintenance[Symbol.asyncDispose]()]);
    },
  };
}
