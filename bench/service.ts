import { openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CheckpointKeys } from '../src/platform/audit/checkpoint.ts';
import { fixedKey } from '../src/platform/auth/key-ring/index.ts';
import { fixedBox } from '../src/platform/auth/secret-box.ts';
import { PayloadFingerprints } from '../src/platform/changes/payload-fingerprints.ts';
import { DatabaseProbe } from '../src/platform/database/database-probe.ts';
import { createPool } from '../src/platform/database/pool.ts';
import { Cursors } from '../src/platform/http/cursor.ts';
import { MailSeal } from '../src/platform/mail/mail-seal.ts';
import { createLogger } from '../src/platform/observability/logger.ts';
import { createMetrics } from '../src/platform/observability/metrics.ts';
import { poolGauges } from '../src/platform/observability/metrics-database.ts';
import { LineWriter } from '../src/platform/system/line-writer.ts';
import { version } from '../src/platform/system/version.ts';
import { buildApp } from '../src/service/app.ts';
import { listen } from '../src/service/listen.ts';

/**
 * The service for a benchmark, in a process of its own: `node bench/service.ts <variant> <dsn> <log file>`. It prints its
 * address, and that of the operators' port. `full` is as people run it; `unobserved` neither counts nor logs requests; `floor` is a bare HTTP server.
 */
const [variant, dsn = '', logFile = ''] = process.argv.slice(2);

const secret = 'a-secret-for-benchmarks-0123456789abcdef';

async function startApp(): Promise<string> {
  const pool = createPool({
    dsn,
    sizeMin: 0,
    sizeMax: 50,
    acquireTimeoutMs: 2_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  const probe = new DatabaseProbe(dsn);
  const nothing = (): void => undefined;
  const logger = createLogger({
    level: 'INFO',
    destination: new LineWriter({ fd: openSync(logFile, 'a'), onFailure: nothing, onRecovery: nothing }),
  });
  const metrics = createMetrics({ version, pool: poolGauges(pool) });
  if (variant === 'unobserved') {
    logger.level = 'silent';
    Object.assign(metrics, {
      requestServed: nothing,
      connectionAcquired: nothing,
      connectionRefused: nothing,
    });
  }
  const app = await buildApp({
    pool,
    metrics,
    http: { logger, corsOrigins: [], trustedProxies: [] },
    jwt: { keys: fixedKey(secret), algorithm: 'HS256', expiresMinutes: 60 },
    cursors: new Cursors([secret]),
    fingerprints: new PayloadFingerprints([secret]),
    sessions: { idleMinutes: 10_080, maxMinutes: 43_200 },
    checkpointKeys: new CheckpointKeys([secret]),
    box: fixedBox('0123456789abcdef', secret),
    passwords: { minLength: 15, blocklist: true },
    mail: { seal: new MailSeal([secret]) },
    signup: { attemptsPerMinute: 100_000, successesPerHour: null },
    quotas: { organizationsPerUser: 20 },
    checks: { database: () => probe.check() },
    maintenance: async () => undefined,
    onReload: async () => true,
    migrations: { latest: 'bench', pending: 0 },
    certificates: () => [],
    operations: { allowedAddresses: ['127.0.0.1'], token: undefined, hasOwnListener: true },
    prePing: true,
  });
  const [url, operationsUrl] = await Promise.all(
    [app.http, app.operations ?? app.http].map((each) => listen(each, '127.0.0.1', 0, 'METADATA_PORT')),
  );
  return `${url} ${operationsUrl}`;
}

async function startFloor(): Promise<string> {
  const server = createServer((_request, reply) => {
    reply.setHeader('content-type', 'application/json').end('{"status":"healthy"}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.stdout.write(`${await (variant === 'floor' ? startFloor() : startApp())}\n`);
