import { Type } from 'typebox';
import type { Stamp } from '../../platform/changes/moment.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { GroupMapping, type NewGroupMapping } from './group-mapping-schemas.ts';

const Count = Type.Object({ n: Type.Integer() });

const columns = sql`id, org_id, org_id as organization_id, external_group, team_id, role, created_by, updated_by, created_at, updated_at`;

/** What groups give in an organization, within the tenant's scope of `db`. */
export const groupMappingStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<GroupMapping | undefined> =>
    db.maybe(GroupMapping, sql`select ${columns} from group_mappings where org_id = ${orgId} and id = ${id}`),

  page: (rest: Sql): Promise<GroupMapping[]> =>
    db.many(GroupMapping, sql`select ${columns} from group_mappings where org_id = ${orgId} ${rest}`),

  async count(): Promise<number> {
    const { n } = await db.one(Count, sql`select count(*) as n from group_mappings where org_id = ${orgId}`);
    return n;
  },

  lock: (id: string): Promise<GroupMapping | undefined> =>
    db.maybe(
      GroupMapping,
      sql`select ${columns} from group_mappings where org_id = ${orgId} and id = ${id} for no key update`,
    ),

  insert: (
    id: string,
    by: string,
    { external_group: group, team_id: teamId, role = 'member' }: NewGroupMapping,
  ): Promise<GroupMapping> =>
    db.one(
      GroupMapping,
      sql`insert into group_mappings (org_id, id, external_group, team_id, role, created_by, updated_by)
          values (${orgId}, ${id}, ${group}, ${teamId}, ${role}, ${by}, ${by}) returning ${columns}`,
    ),

  setRole: (id: string, role: string, { by, at }: Stamp): Promise<GroupMapping> =>
    db.one(
      GroupMapping,
      sql`update group_mappings set role = ${role}, updated_by = ${by}, updated_at = ${at}
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),

  delete: (id: string): Promise<number> =>
    db.run(sql`delete from group_mappings where org_id = ${orgId} and id = ${id}`),
});
