import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import {
  type DetailInputs,
  type DrainOptions,
  type HealthServiceOptions,
  Lifecycle,
  OperatorAccess,
  type OperatorAccessOptions,
  OperatorService,
  operatorRoutes,
  serveJwks,
  serveOperations,
  serveSecurityContact,
  servicePaths,
} from '../features/instance/index.ts';
import { serveMcp } from '../features/mcp/index.ts';
import type { OrganizationQuotas } from '../features/organizations/index.ts';
import { scimDialect } from '../features/scim/index.ts';
import type { SessionLimits, SignupLimitOptions } from '../features/sessions/index.ts';
import type { CheckpointKeys } from '../platform/audit/checkpoint.ts';
import type { OidcProviderOptions } from '../platform/auth/oidc-provider.ts';
import type { SecretBox } from '../platform/auth/secret-box.ts';
import type { TokenOptions } from '../platform/auth/tokens.ts';
import type { PayloadFingerprints } from '../platform/changes/payload-fingerprints.ts';
import { Database } from '../platform/database/database.ts';
import type { QueryObserver } from '../platform/database/queryable.ts';
import { serveDocuments } from '../platform/documents/index.ts';
import { createAuthentication } from '../platform/http/authentication.ts';
import type { Cursors } from '../platform/http/cursor.ts';
import type { Guards } from '../platform/http/guards.ts';
import type { HttpServerOptions } from '../platform/http/http-server.ts';
import { registerDialect, registerRoutes } from '../platform/http/register-routes.ts';
import { RequestContext } from '../platform/http/request-context.ts';
import { prefixOf, type Route } from '../platform/http/route.ts';
import type { Maintenance } from '../platform/maintenance/index.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import { poolGauges } from '../platform/observability/metrics-database.ts';
import type { CertificateTimes } from '../platform/observability/metrics-process.ts';
import type { Replicas } from '../platform/replicas/index.ts';
import { version } from '../platform/system/version.ts';
import { noTracing, type Tracing } from '../platform/tracing/tracing.ts';
import { type Api, type ApiOptions, constraintErrors, createApi, type PasswordOptions } from './api.ts';
import { apiDocument } from './api-document.ts';
import { createHealth } from './create-health.ts';
import { createListeners } from './create-listeners.ts';
import { type AccountOptions, openAccounts } from './open-accounts.ts';
import { RefusalRecorder } from './record-refusals.ts';
import { type MailOptions, sendMails } from './send-mails.ts';
import { sweepRegularly } from './sweep.ts';
import { watchDatabase } from './watch-database.ts';
import { refuseInMaintenance, watchMaintenance } from './watch-maintenance.ts';

export interface AppDependencies {
  readonly pool: pg.Pool;
  /** Servers that answer reads beside it; none by default. */
  readonly replicas?: Replicas | undefined;
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing?: boolean;
  /** Look on as statements go by: the log of METADATA_POSTGRES_ECHO, the row check of tests. */
  readonly queryObserver?: QueryObserver;
  readonly http: HttpServerOptions;
  readonly jwt: Omit<TokenOptions, 'onVerified'>;
  readonly fingerprints: PayloadFingerprints;
  readonly cursors: Cursors;
  readonly box: SecretBox;
  /** What passkeys are for; none by default. */
  readonly passkeys?: ApiOptions['passkeys'];
  readonly sessions: SessionLimits;
  readonly passwords: PasswordOptions;
  /** Sign the checkpoints of audit trails. */
  readonly checkpointKeys: CheckpointKeys;
  readonly signup: SignupLimitOptions;
  readonly quotas: OrganizationQuotas;
  /** Whom to tell of a fault; nobody by default. */
  readonly securityContacts?: readonly string[];
  readonly mail: MailOptions;
  /** The providers of single sign-on; none by default. */
  readonly oidcProviders?: readonly OidcProviderOptions[];
  readonly checks: HealthServiceOptions['checks'];
  readonly migrations: DetailInputs['migrations'];
  /** Looks whether maintenance is on. */
  readonly maintenance: () => Promise<Maintenance | undefined>;
  /** Loads the configuration again; false where it was refused. */
  readonly onReload: () => Promise<boolean>;
  /** The certificates in use, as they were last read. */
  readonly certificates: () => readonly CertificateTimes[];
  /** How callers are remembered; not at all by default. */
  readonly accounts?: AccountOptions | undefined;
  readonly operations: OperatorAccessOptions & { readonly hasOwnListener: boolean };
  readonly metrics: Metrics;
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
  readonly scimRoutes: Api['scimRoutes'];
  /** On the operators' listener where there is one, else beside `routes`. */
  readonly operatorRoutes: readonly Route[];
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  /** Stops to serve without losing a request; answers how many took too long and were cut off. Dispose of it then. */
  stop(options: DrainOptions): Promise<number>;
}

/** The application on what it depends on. Reads no environment and does not listen. */
export async function buildApp(dependencies: AppDependencies): Promise<App> {
  const { pool, replicas, metrics, tracing = noTracing, context = new RequestContext() } = dependencies;
  const { logger } = dependencies.http;
  const db = createDatabase({ ...dependencies, tracing, context });
  const { routes, scimRoutes, tokens } = createApi({
    ...dependencies,
    db,
    logger,
  });

  const accounts = dependencies.accounts && (await openAccounts(dependencies.accounts, db, metrics));
  const maintenance = watchMaintenance({ read: dependencies.maintenance, metrics, logger });
  const health = createHealth({
    ...dependencies,
    version,
    pool: poolGauges(pool),
    replicas: replicas && (() => replicas.states),
    maintenance: () => maintenance.current,
    cache: () => accounts && { users: accounts.cache.size, isTrusted: accounts.watch.isTrusted },
    onDatabaseHealthy: () => db.reachable(),
    onDatabaseReadOnly: (why) => db.readOnly(why),
    logger,
  });
  const lifecycle = new Lifecycle(metrics.drainingChanged);
  const inputs = () => health.inputs();
  const hasOperations = dependencies.operations.hasOwnListener;
  const shared = { lifecycle, health: inputs, metrics };
  const listeners = await createListeners({ ...dependencies, ...shared, hasOperations, context, tracing });
  const { http, operations = http } = listeners;
  const forOperator = operatorRoutes(
    new OperatorService({
      ...shared,
      pool,
      watch: maintenance,
      keys: dependencies.jwt.keys,
      inFlight: listeners.inFlight,
      reload: dependencies.onReload,
      logger,
    }),
  );

  const refusals = new RefusalRecorder(db, logger);
  const access = new OperatorAccess(dependencies.operations);
  const guards: Guards = {
    fingerprints: dependencies.fingerprints,
    authenticate: createAuthentication({
      tokens,
      db,
      onFailure: metrics.authenticationFailed,
      accounts: accounts?.cache,
    }),
    accessChanged: accounts && (() => accounts.watch.doubt()),
    requireOperator: ({ headers }) => access.requireToken(headers.authorization),
    admitChange() {
      refuseInMaintenance(maintenance);
      return db.admitWrite();
    },
    position: replicas && (() => replicas.position()),
    onRefused: (refusal) => refusals.note(refusal),
    patiently: (read) => db.patiently(read),
  };
  announceRoutes(metrics, [...routes, ...scimRoutes, ...forOperator]);
  registerRoutes(http, routes, guards);
  await registerDialect(http, scimDialect, scimRoutes, guards);
  await serveMcp(http, {
    routes,
    authenticate: guards.authenticate,
    corsOrigins: dependencies.http.corsOrigins,
    metrics,
  });
  registerRoutes(operations, forOperator, guards);
  serveOperations(operations, { ...shared, access });
  serveJwks(http, dependencies.jwt.keys);
  serveSecurityContact(http, dependencies.securityContacts ?? []);
  serveDocuments(http, () => apiDocument([...routes, ...scimRoutes, ...forOperator]));
  await Promise.all([health.start(), maintenance.start()]);
  const sweeping = sweepRegularly(db, logger);
  const sending = sendMails({ ...dependencies.mail, db, metrics, logger });
  return {
    ...listeners,
    routes,
    scimRoutes,
    operatorRoutes: forOperator,
    metrics,
    lifecycle,
    async [Symbol.asyncDispose]() {
      await listeners[Symbol.asyncDispose]();
      await Promise.all(
        [health, maintenance, sweeping, sending, refusals, accounts].map((each) =>
          each?.[Symbol.asyncDispose](),
        ),
      );
    },
  };
}

/** The database, whose round trips are followed and whose waits are counted. */
function createDatabase({
  pool,
  replicas,
  prePing = false,
  queryObserver,
  metrics,
  tracing,
  context,
  http: { logger },
}: AppDependencies & { readonly tracing: Tracing; readonly context: RequestContext }): Database {
  const watch = watchDatabase({ metrics, tracing, context, logger });
  return new Database({
    pool,
    readServers: replicas,
    prePing,
    queryObserver: { ...queryObserver, roundTrip: watch.roundTrip },
    observer: watch.observer,
    constraints: constraintErrors,
    requestId: () => context.requestId,
  });
}

/** Makes the series of every route, so that no rule misses its first error. */
function announceRoutes(metrics: Metrics, routes: readonly Route[]): void {
  for (const route of routes) {
    metrics.announceRoute(route.method, `${prefixOf(route)}${route.url}`, route.status);
  }
  for (const path of servicePaths) {
    metrics.announceRoute('GET', path, 200);
  }
}
