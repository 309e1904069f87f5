import { type OperatorActions, operatorRoutes } from '../features/instance/index.ts';
import { CheckpointKeys } from '../platform/audit/checkpoint.ts';
import { fixedKey } from '../platform/auth/key-ring/index.ts';
import { fixedBox } from '../platform/auth/secret-box.ts';
import { PayloadFingerprints } from '../platform/changes/payload-fingerprints.ts';
import { Database } from '../platform/database/database.ts';
import { createPool } from '../platform/database/pool.ts';
import { Cursors } from '../platform/http/cursor.ts';
import { MailSeal } from '../platform/mail/mail-seal.ts';
import { createMetrics } from '../platform/observability/metrics.ts';
import { poolGauges } from '../platform/observability/metrics-database.ts';
import { version } from '../platform/system/version.ts';
import { createApi } from '../service/api.ts';
import { apiDocument } from '../service/api-document.ts';

const nothing = async (): Promise<never> => {
  throw new Error('no service runs here');
};
const nobody: OperatorActions = {
  maintenance: nothing,
  startMaintenance: nothing,
  endMaintenance: nothing,
  drain: nothing,
  undrain: nothing,
  info: nothing,
  reload: nothing,
};

/**
 * Prints the OpenAPI document of a service that is reached at `server`, a URL without a slash at its end. Nothing is connected:
 * routes are declared before there is a database.
 */
export async function openapi(server: string): Promise<void> {
  const pool = createPool({
    dsn: 'postgresql://nowhere.invalid/none',
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 1,
    recycleSeconds: 0,
    statementTimeoutMs: 1,
    lockTimeoutMs: 1,
    idleInTransactionTimeoutMs: 1,
    queryTimeoutMs: 1,
    onIdleError: () => undefined,
  });
  const { routes, scimRoutes } = createApi({
    db: new Database({ pool }),
    jwt: { keys: fixedKey('unused'), algorithm: 'HS256', expiresMinutes: 60 },
    cursors: new Cursors(['unused']),
    fingerprints: new PayloadFingerprints(['unused']),
    checkpointKeys: new CheckpointKeys(['unused']),
    box: fixedBox('unused', 'unused'),
    passwords: { minLength: 15, blocklist: false },
    quotas: { organizationsPerUser: 1 },
    mail: { seal: new MailSeal(['unused']) },
    logger: { warn: () => undefined },
    sessions: { idleMinutes: 1, maxMinutes: 1 },
    signup: { attemptsPerMinute: 1, successesPerHour: null },
    metrics: createMetrics({ version, pool: poolGauges(pool) }),
  });
  const all = [...routes, ...scimRoutes, ...operatorRoutes(nobody)];
  process.stdout.write(`${JSON.stringify(apiDocument(all, server), null, 2)}\n`);
  await pool.end();
}
