import { type Static, Type } from 'typebox';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
import { nullable } from '../../platform/schemas/common-schemas.ts';
import { Proposal, type ProposalStatus } from './proposal-schemas.ts';

/** As it is kept: with who made the key that it came by. */
export const ProposalRow = Type.Object({ ...Proposal.properties, key_created_by: nullable(Type.String()) });
export type ProposalRow = Static<typeof ProposalRow>;
const MeasuredProposal = measuredRow(ProposalRow);
const Count = Type.Object({ n: Type.Integer() });
const Id = Type.Object({ id: Type.String(), team_id: Type.String() });
const Maker = Type.Object({ created_by: Type.String() });

const status = sql`case when p.status <> 'open' then p.status when p.expires_at <= now() then 'expired'
  when c.version <> p.base_version then 'stale' else 'open' end`;
const columns = sql`p.id, p.org_id, p.config_id, c.team_id, p.base_version, p.change, p.reason,
  jsonb_build_object('incident_ids', to_jsonb(p.incident_ids), 'run_id', p.run_id) as evidence, ${status} as status, p.proposed_by,
  p.api_key_id, p.key_created_by, p.created_at, p.expires_at, p.decided_by, p.decided_at, p.note, p.version`;
/** @NOTE one of a configuration that was deleted is not there either, until that is restored. */
const those = (orgId: string): Sql =>
  sql`proposals p join agent_configs c on c.org_id = p.org_id and c.id = p.config_id and c.deleted_at is null where p.org_id = ${orgId}`;

export interface ProposalDraft {
  readonly id: string;
  readonly config_id: string;
  readonly base_version: number;
  readonly change: string;
  readonly reason: string;
  readonly incident_ids: readonly string[];
  readonly run_id: string | null;
  readonly proposed_by: string;
  readonly api_key_id: string | null;
  readonly key_created_by: string | null;
  readonly expires_at: string;
}

/** What of a list is asked for. */
export interface ProposalFilter {
  readonly configId?: string;
  readonly teamIds?: readonly string[] | 'all';
  readonly status?: ProposalStatus | undefined;
  /** Only those that this user neither proposed nor made the key for. */
  readonly notOf?: string | undefined;
}

/** Proposals of an organization, within the tenant's scope of `db`. */
export const proposalStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<ProposalRow | undefined> =>
    db.maybe(ProposalRow, sql`select ${columns} from ${those(orgId)} and p.id = ${id}`),

  /** Locked until the transaction ends; the configuration is locked before. */
  lock: (id: string): Promise<ProposalRow | undefined> =>
    db.maybe(
      ProposalRow,
      sql`select ${columns} from ${those(orgId)} and p.id = ${id} for no key update of p`,
    ),

  page: (
    { configId, teamIds = 'all', status: wanted, notOf }: ProposalFilter,
    rest: Sql,
  ): Promise<ProposalRow[]> =>
    db.many(
      MeasuredProposal,
      withinPageBytes(
        sql`select * from (
              select ${columns} from ${those(orgId)}
              ${when(configId, () => sql`and p.config_id = ${configId}`)}
              ${when(teamIds !== 'all', () => sql`and c.team_id = any(${teamIds}::uuid[])`)}
              ${when(wanted, () => sql`and ${status} = ${wanted}`)}
              ${when(notOf, () => sql`and p.proposed_by <> ${notOf} and p.key_created_by is distinct from ${notOf}`)}
            ) proposal where true ${rest}`,
        [sql`change`, sql`reason`],
      ),
    ),

  async countOpen(configId: string): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*)::integer as n from ${those(orgId)} and p.config_id = ${configId} and p.status = 'open' and ${status} = 'open'`,
    );
    return n;
  },

  insert: (draft: ProposalDraft): Promise<number> =>
    db.run(sql`insert into proposals ${insertion({ org_id: orgId, ...draft })}`),

  decide: (
    id: string,
    decided: {
      readonly status: 'approved' | 'rejected' | 'withdrawn';
      readonly by: string;
      readonly at: string;
      readonly note: string | null;
      readonly version: number | null;
    },
  ): Promise<number> =>
    db.run(
      sql`update proposals set status = ${decided.status}, decided_by = ${decided.by}, decided_at = ${decided.at}, note = ${decided.note},
            version = ${decided.version}
          where org_id = ${orgId} and id = ${id} and status = 'open'`,
    ),

  /** The incidents among these that are there, and whose they are. */
  incidents: (ids: readonly string[]) =>
    db.many(
      Id,
      sql`select id, team_id from incidents where org_id = ${orgId} and id = any(${ids}::uuid[]) and deleted_at is null`,
    ),

  async keyMaker(keyId: string): Promise<string | null> {
    const found = await db.maybe(
      Maker,
      sql`select created_by from api_keys where org_id = ${orgId} and id = ${keyId}`,
    );
    return found?.created_by ?? null;
  },
});
