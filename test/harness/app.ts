import pg from 'pg';
import { inject } from 'vitest';
import { CheckpointKeys } from '../../src/platform/audit/checkpoint.ts';
import { DataKeys } from '../../src/platform/auth/data-keys.ts';
import { fixedKey } from '../../src/platform/auth/key-ring/index.ts';
import { PayloadFingerprints } from '../../src/platform/changes/payload-fingerprints.ts';
import { DatabaseProbe } from '../../src/platform/database/database-probe.ts';
import { readDsn, withDatabase } from '../../src/platform/database/dsn.ts';
import { createPool } from '../../src/platform/database/pool.ts';
import { createRowCheck } from '../../src/platform/database/row-check.ts';
import { Cursors } from '../../src/platform/http/cursor.ts';
import { MailSeal } from '../../src/platform/mail/mail-seal.ts';
import { createLogger } from '../../src/platform/observability/logger.ts';
import { createMetrics } from '../../src/platform/observability/metrics.ts';
import { poolGauges } from '../../src/platform/observability/metrics-database.ts';
import { type App, type AppDependencies, buildApp } from '../../src/service/app.ts';
import { Client } from './client.ts';
import { type Contract, contractOf } from './contract.ts';

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly url: string;
  readonly contract: Contract;
  /** Sends requests without a token. */
  readonly anonymous: Client;
  clientOf(token: string): Client;
  /** The database as its superuser, whom row-level security does not bind: to look at rows. */
  readonly superuser: pg.Pool;
  /** What the service logged, a parsed line each. */
  readonly log: Record<string, unknown>[];
}

export const testSecret = 'a-secret-for-tests-only-0123456789abcdef';

/** What the servers of tests take passkeys for. */
export const passkeyOptions = { origins: ['https://app.example.com'], rpId: 'example.com' } as const;

/** Logins of the database of an application. */
export type Databases = Readonly<Record<'service' | 'superuser', string>>;

/** A real service on a free port and the run's real PostgreSQL. Rows are compared with their schemas, replies with OpenAPI. */
export async function startApp(
  overrides: Partial<AppDependencies> = {},
  databases: Databases = inject('databases'),
): Promise<TestApp> {
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'DEBUG',
    destination: { write: (line) => log.push(JSON.parse(line)) },
  });
  const ownPool = createPool({
    dsn: databases.service,
    sizeMin: 0,
    sizeMax: 50,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  const probe = new DatabaseProbe(databases.service);
  const { pool = ownPool } = overrides;
  const box = await DataKeys.open({
    pool: ownPool,
    secrets: { current: testSecret },
    onUnreadable: () => undefined,
  });
  const app = await buildApp({
    pool,
    metrics: createMetrics({ version: 'test', pool: poolGauges(pool) }),
    http: { logger, corsOrigins: [], trustedProxies: [] },
    jwt: { keys: fixedKey(testSecret), algorithm: 'HS256', expiresMinutes: 60 },
    cursors: new Cursors([testSecret]),
    fingerprints: new PayloadFingerprints([testSecret]),
    sessions: { idleMinutes: 10_080, maxMinutes: 43_200 },
    // @NOTE the same Argon2id, with the least that it takes: tests sign up thousands.
    passwords: { minLength: 15, blocklist: true, cost: { memoryKib: 8, iterations: 1, parallelism: 1 } },
    checkpointKeys: new CheckpointKeys([testSecret]),
    box,
    passkeys: passkeyOptions,
    quotas: { organizationsPerUser: 20 },
    mail: { seal: new MailSeal([testSecret]) },
    signup: { attemptsPerMinute: 100_000, successesPerHour: null },
    checks: { database: () => probe.check() },
    maintenance: async () => undefined,
    onReload: async () => true,
    migrations: { latest: 'test', pending: 0 },
    certificates: () => [],
    operations: { allowedAddresses: ['127.0.0.1'], token: undefined, hasOwnListener: false },
    prePing: true,
    queryObserver: { checkRow: createRowCheck() },
    ...overrides,
  });
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 });
  const { database = '' } = readDsn(databases.service);
  const superuser = new pg.Pool({ connectionString: withDatabase(databases.superuser, database), max: 2 });
  const contract = contractOf([...app.routes, ...app.scimRoutes, ...app.operatorRoutes]);
  const clientOf = (token?: string) =>
    new Client({ url, contract, ...(token === undefined ? {} : { token }) });
  return {
    app,
    url,
    contract,
    anonymous: clientOf(),
    clientOf,
    superuser,
    log,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await Promise.all([ownPool.end(), superuser.end(), probe[Symbol.asyncDispose]()]);
    },
  };
}
