import { pluralize } from '../../../platform/system/wording.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';
import type { Session } from '../session.ts';

const runbook = 'docs/runbooks/ConnectionPoolExhaustion.md';

interface Capacity {
  /** For everybody but superusers. */
  readonly max: number;
  /** Taken at this moment. */
  readonly taken: number;
  /** Of the service, by the connection that each keeps for its health. */
  readonly instances: number;
  /** Who has how many, the most first: `brownie_service / brownie-metadata-api: 20`. */
  readonly holders: readonly string[];
}

async function capacityOf(session: Session): Promise<Capacity> {
  const { max } = await session.row<{ max: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0) as max`,
  );
  const groups = await session.rows<{ holder: string; count: number; instances: number }>(
    `select coalesce(usename, '?') || ' / ' || regexp_replace(coalesce(application_name, ''), '^brownie/.*', 'brownie-metadata-api')
              as holder,
            count(*)::int as count,
            (count(*) filter (where application_name = 'brownie-metadata-health'))::int as instances
     from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
     group by 1 order by 2 desc`,
  );
  return {
    max,
    taken: groups.reduce((sum, { count }) => sum + count, 0),
    instances: groups.reduce((sum, group) => sum + group.instances, 0),
    holders: groups.slice(0, 5).map(({ holder, count }) => `${holder}: ${count}`),
  };
}

export const connectionsInUse: Check = {
  id: 'connections.in-use',
  runbook,
  look: async (context) => judgeUse(await capacityOf(await context.service())),
};

const warningShare = 0.8;
const criticalShare = 0.95;

export function judgeUse({ max, taken, holders }: Omit<Capacity, 'instances'>): Verdict {
  const finding = `${taken} of ${max} connections to the server are taken`;
  if (taken < warningShare * max) {
    return ok(finding, holders);
  }
  const complaint = {
    finding: `${finding}: soon nobody gets in`,
    evidence: holders,
    remedy:
      'end what holds them and is not needed; then lower METADATA_POSTGRES_MAX_OVERFLOW, put PgBouncer between, or raise max_connections',
  };
  return taken >= criticalShare * max ? critical(complaint) : warning(complaint);
}

export const connectionsBudget: Check = {
  id: 'connections.budget',
  runbook: 'docs/operations.md#the-budget-of-connections',
  async look(context) {
    const capacity = await capacityOf(await context.service());
    const { database, pool } = context.config;
    const hasReplicas = database.mode === 'external' && database.readDsns.length > 0;
    return judgeBudget(capacity, pool.sizeMax, hasReplicas ? 2 : 1);
  },
};

/** Each instance may open its pool, one connection for its health, and one to ask for the position where there are replicas. */
export function judgeBudget(
  { max, instances }: Pick<Capacity, 'max' | 'instances'>,
  poolMax: number,
  own = 1,
): Verdict {
  const count = Math.max(1, instances);
  const wanted = count * (poolMax + own);
  const sum = `${pluralize(count, 'instance')} of ${poolMax} + ${own} connections may want ${wanted} of ${max}`;
  return wanted <= max
    ? ok(sum)
    : warning({
        finding: `${sum}: under load some get none`,
        remedy: `lower METADATA_POSTGRES_MAX_OVERFLOW so that pool size + overflow is at most ${Math.max(1, Math.floor(max / count) - own)}, or raise max_connections`,
      });
}
