import type { Config } from '../config/index.ts';
import { DatabaseTls } from '../platform/database/database-tls.ts';
import { dsnAddress, dsnsOfServers } from '../platform/database/dsn.ts';
import type { RequestContext } from '../platform/http/request-context.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import { type ReplicaFault, Replicas } from '../platform/replicas/index.ts';
import type { OpenDatabase } from './open-database.ts';

const setting = 'METADATA_POSTGRES_READ_DSN';

const words: Readonly<Record<ReplicaFault, string>> = {
  no_answer: 'does not answer',
  behind: 'is more than a second behind',
  not_following: 'is not known to follow the primary',
};

export interface ReplicaDependencies {
  readonly database: OpenDatabase;
  readonly context: RequestContext;
  readonly metrics: Pick<Metrics, 'followReplicas' | 'readDone'>;
  readonly logger: Logger;
}

/** The replicas of the configuration, looked at once; undefined where there are none. Closed with `resources`. Throws CertificateFilesError. */
export async function openReplicas(
  { database, pool }: Pick<Config, 'database' | 'pool'>,
  { database: { tls: primary, role }, context, metrics, logger }: ReplicaDependencies,
  resources: AsyncDisposableStack,
): Promise<Replicas | undefined> {
  const dsns = database.mode === 'external' ? database.readDsns.flatMap(dsnsOfServers) : [];
  if (dsns.length === 0) {
    return undefined;
  }
  const replicas = resources.use(
    new Replicas({
      primary,
      replicas: dsns.map((dsn) => new DatabaseTls(dsn, setting)),
      pool: { ...pool, ...(role === undefined ? {} : { role }) },
      wish: () => context.read,
      onRead: metrics.readDone,
      onChange({ number, fault }) {
        const address = dsnAddress(dsns[number - 1] ?? '');
        const fields = { logger: 'brownie.replicas', replica: number, fault: fault ?? undefined };
        if (fault === null) {
          logger.info(fields, `replica ${number} at ${address} takes reads`);
        } else {
          logger.warn(fields, `replica ${number} at ${address} takes no reads: it ${words[fault]}`);
        }
      },
    }),
  );
  metrics.followReplicas(() => replicas.states);
  await replicas.start();
  return replicas;
}
