import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { idsOf, type PageRange, searchWords } from '../../platform/database/search.ts';
import { assignments, differing, insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
import { TeamMemberRecord, type UserListQuery, UserRecord } from './user-schemas.ts';

const MeasuredUserRecord = measuredRow(UserRecord);
const MeasuredTeamMemberRecord = measuredRow(TeamMemberRecord);

/** Whether the address was proved to be theirs, as it stands now. */
const isProved = sql`coalesce(u.verified_email = u.email, false)`;

const columns = sql`u.id, m.org_id, m.org_id as organization_id, m.team_id,
  case when m.role in ('owner', 'admin') then 'admin' else coalesce(tm.role, 'viewer') end as role,
  u.email, u.username, u.full_name, u.avatar_url, u.is_active, ${isProved} as is_verified,
  u.kind = 'service_account' as is_service_account, u.preferences, u.created_by,
  u.updated_by, u.deleted_at, u.deleted_by, u.created_at, u.updated_at,
  m.role as organization_role, u.org_id as home_org_id, m.created_at as joined_at`;

const joined = sql`join users u on u.id = m.user_id
  left join team_memberships tm on tm.org_id = m.org_id and tm.team_id = m.team_id and tm.user_id = m.user_id`;

const source = sql`from organization_memberships m ${joined}`;

const live = (isDeletedIncluded: boolean | undefined): Sql =>
  when(!isDeletedIncluded, () => sql`and u.deleted_at is null`);

/** How many members are looked through one by one before the index is asked. */
const searchWindow = 100;

/** Columns of `users` that are written. */
export interface UserFields {
  readonly email?: string;
  readonly username?: string;
  readonly full_name?: string | null;
  readonly avatar_url?: string | null;
  readonly preferences?: Record<string, unknown>;
  readonly is_active?: boolean;
  readonly password_hash?: string;
  readonly kind?: 'service_account';
}

/** Users as members of an organization, within the tenant's scope of `db`. */
export const userStore = (db: Queryable) => ({
  find: (orgId: string, id: string, isDeletedIncluded?: boolean): Promise<UserRecord | undefined> =>
    db.maybe(
      UserRecord,
      sql`select ${columns} ${source} where m.org_id = ${orgId} and m.user_id = ${id} ${live(isDeletedIncluded)}`,
    ),

  page: (orgId: string, query: UserListQuery, range: PageRange): Promise<UserRecord[]> => {
    const words = searchWords(query.q);
    const large = [sql`preferences`];
    const { skip, order, limit } = range;
    const rows = (selected: Sql, count: number): Sql =>
      sql`select ${selected} ${source} where m.org_id = ${orgId} ${live(query.include_deleted)} ${skip} ${order} limit ${count}`;
    if (words.length === 0) {
      return db.many(MeasuredUserRecord, withinPageBytes(rows(columns, limit), large));
    }
    const filter = { include_deleted: query.include_deleted };
    const first = rows(sql`m.user_id as id, m.created_at as at`, searchWindow);
    const walk = sql`select id, at, row_number() over () as n from (${first}) first`;
    const search = { kind: 'member', orgId, listIds: [orgId], words, filter } as const;
    const ids = idsOf(search, walk, { ...range, isByCreation: true }, searchWindow);
    return db.many(
      MeasuredUserRecord,
      withinPageBytes(
        sql`select ${columns} from (${ids}) found join organization_memberships m on m.user_id = found.id ${joined}
          where m.org_id = ${orgId} ${skip} ${order} limit ${limit}`,
        large,
      ),
    );
  },

  /** The members of a team. */
  pageOfTeam: (orgId: string, teamId: string, rest: Sql): Promise<TeamMemberRecord[]> =>
    db.many(
      MeasuredTeamMemberRecord,
      withinPageBytes(
        sql`select ${columns}, member.role as member_role, member.created_at as member_since ${source}
          join team_memberships member on member.org_id = m.org_id and member.user_id = m.user_id
          where member.org_id = ${orgId} and member.team_id = ${teamId} ${live(false)} ${rest}`,
        [sql`preferences`],
      ),
    ),

  /** Locks the identity until the transaction ends; false where it is not there or was deleted. */
  lock: async (id: string, isDeletedIncluded?: boolean): Promise<boolean> =>
    (await db.run(
      sql`select from users u where u.id = ${id} ${live(isDeletedIncluded)} for no key update`,
    )) === 1,

  insert: (row: UserFields & { id: string; org_id: string; created_by: string | null }): Promise<number> =>
    db.run(sql`insert into users ${insertion({ ...row, updated_by: row.created_by })}`),

  /** False where the user is so already; `hasNewRole`: and their role, which stands elsewhere, has not changed either. */
  update: async (
    id: string,
    { by, at }: Stamp,
    fields: UserFields,
    { hasNewRole }: { hasNewRole: boolean },
  ): Promise<boolean> =>
    (await db.run(
      sql`update users set ${assignments({ ...fields, updated_by: by, updated_at: at })}
          where id = ${id} ${when(!hasNewRole, () => sql`and ${differing({ ...fields })}`)}`,
    )) === 1,

  /** Deletes the user, and frees whom the provider knows them as for another user. */
  markDeleted: (id: string, { by, at }: Stamp): Promise<number> =>
    db.run(
      sql`with freed as (delete from user_identities where user_id = ${id})
          update users set deleted_at = ${at}, deleted_by = ${by}, updated_by = ${by}, updated_at = ${at}
          where id = ${id}`,
    ),

  restore: (id: string, { by, at }: Stamp): Promise<number> =>
    db.run(
      sql`update users set deleted_at = null, deleted_by = null, updated_by = ${by}, updated_at = ${at}
          where id = ${id} and erased_at is null`,
    ),
});
