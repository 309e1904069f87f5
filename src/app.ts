import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { type Api, constraintErrors, createApi } from './api.ts';
import { DatabaseHealth, serveServiceEndpoints } from './features/service/index.ts';
import type { SignupLimitOptions } from './features/sessions/index.ts';
import type { PasswordPolicyOptions } from './platform/auth/password-policy.ts';
import type { TokenOptions } from './platform/auth/tokens.ts';
import { Database } from './platform/database/database.ts';
import type { Probes } from './platform/database/queryable.ts';
import { createAuthentication } from './platform/http/authentication.ts';
import { createHttpServer, type HttpServerOptions } from './platform/http/http-server.ts';
import { registerRoutes, requirePermissions } from './platform/http/register-routes.ts';
import { createMetrics } from './platform/observability/metrics.ts';
import { observeRequests } from './platform/observability/request-telemetry.ts';
import { version } from './version.ts';

export interface AppDependencies {
  readonly pool: pg.Pool;
  /** The most connections that `pool` opens. */
  readonly poolSizeMax: number;
  readonly http: HttpServerOptions;
  readonly jwt: TokenOptions;
  readonly passwords: PasswordPolicyOptions;
  readonly signup: SignupLimitOptions;
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing?: boolean;
  /** Look on as statements go by: the log of METADATA_POSTGRES_ECHO, the row check of tests. */
  readonly probes?: Probes;
}

export interface App {
  readonly http: FastifyInstance;
  readonly routes: Api['routes'];
}

/** The application on what it depends on. Reads no environment and does not listen. */
export async function buildApp(dependencies: AppDependencies): Promise<App> {
  const { pool, prePing = false, probes = {} } = dependencies;
  const metrics = createMetrics({
    active: () => pool.totalCount - pool.idleCount,
    max: dependencies.poolSizeMax,
  });
  const db = new Database({ pool, prePing, probes, constraints: constraintErrors });
  const { routes, tokens, loadPrincipal } = createApi({ ...dependencies, db, metrics });

  const http = await createHttpServer(dependencies.http);
  requirePermissions(http);
  observeRequests(http, metrics);
  registerRoutes(
    http,
    routes,
    createAuthentication({ tokens, loadPrincipal, onFailure: metrics.authenticationFailed }),
  );
  serveServiceEndpoints(http, {
    version,
    databaseHealth: new DatabaseHealth(pool),
    registry: metrics.registry,
  });
  return { http, routes };
}
