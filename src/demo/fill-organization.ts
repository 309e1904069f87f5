import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import type { Transaction } from '../platform/database/transaction.ts';
import { agentRows } from './agent-rows.ts';
import { organizationAuditRows } from './audit-rows.ts';
import { bulkInsert } from './bulk-insert.ts';
import { castOf } from './cast.ts';
import { demoOrganization } from './demo-organization.ts';
import { fillIncidents } from './fill-incidents.ts';
import type { FillOptions } from './fill-options.ts';
import { fillPeople } from './fill-people.ts';
import { fillStats } from './fill-stats.ts';
import { Random } from './random.ts';

/** How many of each there are now. */
export type Filled = Readonly<
  Record<'teams' | 'users' | 'incidents' | 'events' | 'agents' | 'stats', number>
>;

const seed = 20_241_024;
const org_id = demoOrganization.id;

/** True where the organization is there, which is to say: all of it. */
export async function isFilled(tx: Pick<Transaction, 'run'>): Promise<boolean> {
  return (await tx.run(sql`select from organizations where id = ${org_id}`)) === 1;
}

/**
 * Makes the organization with everything in it, in one transaction: it is there whole or not at all. The same data
 * every time, but for ids and instants, which follow `now`. Undefined where it is there already.
 */
export async function fillOrganization(db: Database, options: FillOptions): Promise<Filled | undefined> {
  return await changeBy(db, operator, org_id, async (tx, record) => {
    // @NOTE of two runs at the same time the second waits here, then finds everything done.
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${org_id}, 0))`);
    if (await isFilled(tx)) {
      return undefined;
    }
    const random = new Random(seed);
    const cast = castOf(random, options.now);
    await fillPeople(tx, cast, options.passwordHashes);
    await bulkInsert(tx, 'audit_events', organizationAuditRows(random, cast));
    const agents = agentRows(random, cast, options.now);
    await bulkInsert(tx, 'agent_configs', agents.configs);
    await bulkInsert(tx, 'agent_config_versions', agents.versions);
    await bulkInsert(tx, 'audit_events', agents.audit);
    // @NOTE its entries were never recorded at the times that they tell of: the chain shall not pretend so.
    await tx.run(sql`update audit_links set recorded_at = null where org_id = ${org_id}`);
    const { tally, events } = await fillIncidents(tx, random, cast, options);
    const stats = await fillStats(tx, random, cast, { ...options, tally });
    const filled = {
      teams: cast.teams.length,
      users: cast.people.length,
      incidents: options.incidents,
      events,
      agents: agents.configs.length,
      stats,
    };
    const resource = { resourceType: 'organization', resourceId: org_id };
    record({ ...resource, at: await momentOf(tx, org_id, resource), action: 'demo.filled', after: filled });
    return filled;
  });
}
