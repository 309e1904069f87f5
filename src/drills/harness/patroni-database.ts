import { randomBytes } from 'node:crypto';
import type { Variables } from '../../platform/programs/child-options.ts';
import { makeRolesAndDatabase } from './debian-postgres.ts';
import type { PatroniCluster } from './patroni-cluster.ts';

/** The database of a cluster, with the roles of docs/deployment.md; not migrated. */
export interface PatroniDatabase {
  /** Of all three servers, for the one that takes writes. */
  readonly serviceDsn: string;
  /** By HAProxy. */
  readonly proxiedDsn: string;
  readonly ownerDsn: string;
  /** What makes a process of `brownie` an instance on it. */
  readonly variables: Variables;
}

/** Makes roles and database on the primary. */
export async function preparePatroniDatabase({
  nodes,
  proxyPort,
  password,
}: PatroniCluster): Promise<PatroniDatabase> {
  const { port } = await nodes.withRole('leader');
  const logins = { owner: randomBytes(9).toString('hex'), service: randomBytes(9).toString('hex') };
  await makeRolesAndDatabase({ host: '127.0.0.1', port, user: 'postgres', password }, logins);
  const servers = nodes.all.map((node) => `127.0.0.1:${node.port}`).join(',');
  const proxy = `127.0.0.1:${proxyPort}`;
  const service = `brownie_service:${logins.service}`;
  const serviceDsn = `postgresql://${service}@${servers}/brownie?target_session_attrs=read-write`;
  const ownerDsn = `postgresql://brownie_owner:${logins.owner}@${proxy}/brownie`;
  return {
    serviceDsn,
    proxiedDsn: `postgresql://${service}@${proxy}/brownie`,
    ownerDsn,
    variables: {
      METADATA_POSTGRES_DSN: serviceDsn,
      METADATA_POSTGRES_MIGRATION_DSN: ownerDsn,
      METADATA_JWT_SECRET: randomBytes(32).toString('base64'),
    },
  };
}
