import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { join, type Sql, sql } from '../../platform/database/sql.ts';
import { nullable, Timestamp } from '../../platform/schemas/common-schemas.ts';
import type { GroupDraft } from './group-draft.ts';
import type { Filter } from './scim-filter.ts';
import { peopleOf, type Slice } from './scim-user-store.ts';
import { invalidFilter, isUuid } from './scim-value.ts';

const Count = Type.Object({ n: Type.Integer() });
const Name = Type.Object({ name: Type.String() });
const UserId = Type.Object({ user_id: Type.String() });

export const ScimGroupRow = Type.Object({
  id: Type.String(),
  displayName: Type.String(),
  externalId: nullable(Type.String()),
  version: Type.Integer(),
  created: Timestamp,
  lastModified: Timestamp,
});
export type ScimGroupRow = Static<typeof ScimGroupRow>;

export const ScimMemberRow = Type.Object({
  group_id: Type.String(),
  user_id: Type.String(),
  display: Type.String(),
});
export type ScimMemberRow = Static<typeof ScimMemberRow>;

const columns = sql`id, display_name as "displayName", external_id as "externalId", version, created_at as created,
  updated_at as "lastModified"`;

function condition(filter: Filter): Sql {
  if (filter.kind === 'where') {
    return filter.path === 'members' && filter.where.kind === 'eq' && filter.where.path === 'value'
      ? condition({ ...filter.where, path: 'members' })
      : refuse(filter.path);
  }
  if (filter.kind !== 'eq') {
    return sql`(${join(filter.all.map(condition), filter.kind === 'and' ? sql` and ` : sql` or `)})`;
  }
  const { path, value } = filter;
  if (typeof value !== 'string') {
    throw invalidFilter(`${path} is compared with a text`);
  }
  switch (path) {
    case 'id':
      return isUuid(value) ? sql`id = ${value}` : sql`false`;
    case 'displayname':
      return sql`display_name_key = email_key(${value}::text)`;
    case 'externalid':
      return sql`external_id = ${value}`;
    case 'members':
    case 'members.value':
      return isUuid(value)
        ? sql`exists (select from scim_group_members gm where gm.org_id = g.org_id and gm.group_id = g.id and gm.user_id = ${value})`
        : sql`false`;
    default:
      return refuse(path);
  }
}

const refuse = (path: string): never => {
  throw invalidFilter(
    `${path === '' ? 'an attribute of another schema' : path} is nothing to filter groups by`,
  );
};

/** Groups of an organization's directory, within the tenant's scope of `db`. */
export const scimGroupStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<ScimGroupRow | undefined> =>
    db.maybe(ScimGroupRow, sql`select ${columns} from scim_groups where org_id = ${orgId} and id = ${id}`),

  lock: (id: string): Promise<ScimGroupRow | undefined> =>
    db.maybe(
      ScimGroupRow,
      sql`select ${columns} from scim_groups where org_id = ${orgId} and id = ${id} for no key update`,
    ),

  async page(
    filter: Filter | undefined,
    { offset, count }: Slice,
  ): Promise<{ rows: ScimGroupRow[]; total: number }> {
    const those = sql`from scim_groups g where org_id = ${orgId} and ${filter === undefined ? sql`true` : condition(filter)}`;
    const [rows, { n: total }] = await Promise.all([
      db.many(
        ScimGroupRow,
        sql`select ${columns} ${those} order by created_at, id offset ${offset} limit ${count}`,
      ),
      db.one(Count, sql`select count(*)::integer as n ${those}`),
    ]);
    return { rows, total };
  },

  async count(): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*)::integer as n from scim_groups where org_id = ${orgId}`,
    );
    return n;
  },

  /** Members of some groups, as far as they are still seen, so many at most. */
  members: (groupIds: readonly string[], limit: number): Promise<ScimMemberRow[]> =>
    db.many(
      ScimMemberRow,
      sql`select gm.group_id, gm.user_id, coalesce(s.display_name, s.user_name, u.full_name, u.email) as display
          from scim_group_members gm
          left join organization_memberships m on m.org_id = gm.org_id and m.user_id = gm.user_id
          left join users u on u.id = m.user_id and u.deleted_at is null
          left join scim_users s on s.org_id = gm.org_id and s.user_id = gm.user_id
          where gm.org_id = ${orgId} and gm.group_id = any(${groupIds}::uuid[])
            and (u.id is not null or (m.user_id is null and s.suspended_at is not null))
          order by gm.group_id, gm.user_id limit ${limit}`,
    ),

  /** Those who are in a group, whether they are seen or not. */
  async memberIds(id: string): Promise<string[]> {
    const rows = await db.many(
      UserId,
      sql`select user_id from scim_group_members where org_id = ${orgId} and group_id = ${id} order by user_id`,
    );
    return rows.map(({ user_id }) => user_id);
  },

  /** Those who are in a group that goes by that name, or by that id in the directory. */
  async memberIdsNamed(name: string): Promise<string[]> {
    const rows = await db.many(
      UserId,
      sql`select distinct gm.user_id from scim_groups g join scim_group_members gm on gm.org_id = g.org_id and gm.group_id = g.id
          where g.org_id = ${orgId} and (g.display_name = ${name} or g.external_id = ${name}) order by gm.user_id`,
    );
    return rows.map(({ user_id }) => user_id);
  },

  /** The names by which mappings may know the groups of somebody. */
  async namesOf(userId: string): Promise<string[]> {
    const rows = await db.many(
      Name,
      sql`select distinct name from scim_group_members gm join scim_groups g on g.org_id = gm.org_id and g.id = gm.group_id
          cross join lateral (values (g.display_name), (g.external_id)) names (name)
          where gm.org_id = ${orgId} and gm.user_id = ${userId} and name is not null order by name`,
    );
    return rows.map(({ name }) => name);
  },

  insert: (id: string, { displayName, externalId }: GroupDraft): Promise<ScimGroupRow> =>
    db.one(
      ScimGroupRow,
      sql`insert into scim_groups (org_id, id, display_name, external_id)
          values (${orgId}, ${id}, ${displayName}, ${externalId}) returning ${columns}`,
    ),

  update: (id: string, { displayName, externalId }: GroupDraft, at: string): Promise<ScimGroupRow> =>
    db.one(
      ScimGroupRow,
      sql`update scim_groups set display_name = ${displayName}, external_id = ${externalId}, version = version + 1, updated_at = ${at}
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),

  delete: (id: string): Promise<number> =>
    db.run(sql`delete from scim_groups where org_id = ${orgId} and id = ${id}`),

  /** Puts users of the organization into a group; how many of them there were. */
  add: (id: string, userIds: readonly string[]): Promise<number> =>
    db.run(
      sql`insert into scim_group_members (org_id, group_id, user_id)
          select ${orgId}, ${id}, people.id from ${peopleOf(orgId)} where people.id = any(${userIds}::uuid[])`,
    ),

  remove: (id: string, userIds: readonly string[]): Promise<number> =>
    db.run(
      sql`delete from scim_group_members
          where org_id = ${orgId} and group_id = ${id} and user_id = any(${userIds}::uuid[])`,
    ),

  /** Takes somebody out of all groups. */
  removeFromAll: (userId: string, at: string): Promise<number> =>
    db.run(
      sql`with left_groups as (
            delete from scim_group_members where org_id = ${orgId} and user_id = ${userId} returning group_id
          )
          update scim_groups set version = version + 1, updated_at = greatest(updated_at, ${at})
          where org_id = ${orgId} and id in (select group_id from left_groups)`,
    ),
});
