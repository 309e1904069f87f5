import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { join, type Sql, sql } from '../../platform/database/sql.ts';
import { nullable, Timestamp } from '../../platform/schemas/common-schemas.ts';
import type { Filter, FilterValue } from './scim-filter.ts';
import { invalidFilter, isUuid } from './scim-value.ts';
import type { UserDraft } from './user-draft.ts';

const Text = nullable(Type.String());
const Count = Type.Object({ n: Type.Integer() });

/** A person as the directory sees them: what it said of them, else what their account says. */
export const ScimUserRow = Type.Object({
  id: Type.String(),
  userName: Type.String(),
  externalId: Text,
  displayName: Text,
  formatted: Text,
  givenName: Text,
  familyName: Text,
  emails: Type.Array(
    Type.Object({
      value: Type.String(),
      type: Type.Optional(Type.String()),
      primary: Type.Optional(Type.Boolean()),
    }),
  ),
  active: Type.Boolean(),
  created: Timestamp,
  lastModified: Timestamp,
});
export type ScimUserRow = Static<typeof ScimUserRow>;

const columns = sql`id, user_name as "userName", external_id as "externalId", display_name as "displayName", formatted,
  given_name as "givenName", family_name as "familyName", emails, active, created_at as created, updated_at as "lastModified"`;

/**
 * The people of an organization: its members, and those whom the directory deactivated and who are members elsewhere. @NOTE their accounts are another
 * organization's by then, and what the directory said of them is all that is seen.
 */
export const peopleOf = (orgId: string): Sql => sql`(
  select m.user_id as id, coalesce(s.user_name, u.email) as user_name, s.external_id,
         case when s.user_id is null then u.full_name else s.display_name end as display_name,
         s.formatted, s.given_name, s.family_name,
         coalesce(s.emails, jsonb_build_array(jsonb_build_object('value', u.email, 'type', 'work', 'primary', true))) as emails,
         u.is_active as active, m.created_at, greatest(m.updated_at, u.updated_at, s.updated_at) as updated_at
  from organization_memberships m join users u on u.id = m.user_id
  left join scim_users s on s.org_id = m.org_id and s.user_id = m.user_id
  where m.org_id = ${orgId} and u.deleted_at is null and u.kind = 'person'
  union all
  select s.user_id, s.user_name, s.external_id, s.display_name, s.formatted, s.given_name, s.family_name, s.emails, false,
         s.created_at, s.updated_at
  from scim_users s
  where s.org_id = ${orgId} and s.suspended_at is not null
    and not exists (select from organization_memberships m where m.org_id = s.org_id and m.user_id = s.user_id)
) people`;

const key = (text: unknown): Sql => sql`email_key(${text}::text)`;

/** Those of whom a name is that of the directory, or of the account where the directory has said none: found by their indexes. */
const named = (orgId: string, name: string): Sql => sql`(id = any(array(
    select user_id from scim_users where org_id = ${orgId} and user_name_key = ${key(name)}
    union all select u.id from users u where u.email_key = ${key(name)} and u.deleted_at is null
  )) and email_key(user_name) = ${key(name)})`;

const texts: Readonly<Record<string, Sql>> = {
  displayname: sql`display_name`,
  'name.formatted': sql`formatted`,
  'name.givenname': sql`given_name`,
  'name.familyname': sql`family_name`,
};

function condition(orgId: string, filter: Filter): Sql {
  if (filter.kind === 'where') {
    return filter.path === 'emails' ? someEmail(filter.where) : refuse(filter.path);
  }
  if (filter.kind !== 'eq') {
    const all = filter.all.map((each) => condition(orgId, each));
    return sql`(${join(all, filter.kind === 'and' ? sql` and ` : sql` or `)})`;
  }
  const { path, value } = filter;
  switch (path) {
    case 'id':
      return isUuid(value) ? sql`id = ${value}` : sql`false`;
    case 'username':
      return named(orgId, textIn(filter));
    case 'externalid':
      return sql`external_id = ${textIn(filter)}`;
    case 'active':
      return sql`active = ${booleanIn(path, value)}`;
    case 'emails':
    case 'emails.value':
    case 'emails.type':
    case 'emails.primary':
      return someEmail({ kind: 'eq', path: path.split('.')[1] ?? 'value', value });
    default: {
      const column = texts[path];
      return column === undefined ? refuse(path) : sql`lower(${column}) = lower(${textIn(filter)})`;
    }
  }
}

const someEmail = (where: Filter): Sql =>
  sql`exists (select from jsonb_array_elements(emails) email (it) where ${ofEmail(where)})`;

function ofEmail(filter: Filter): Sql {
  if (filter.kind === 'where') {
    return refuse(filter.path);
  }
  if (filter.kind !== 'eq') {
    return sql`(${join(filter.all.map(ofEmail), filter.kind === 'and' ? sql` and ` : sql` or `)})`;
  }
  switch (filter.path) {
    case 'value':
      return sql`email_key(it ->> 'value') = ${key(textIn(filter))}`;
    case 'type':
      return sql`lower(it ->> 'type') = lower(${textIn(filter)})`;
    case 'primary':
      return sql`coalesce(it ->> 'primary', 'false') = ${String(booleanIn('primary', filter.value))}`;
    default:
      return refuse(`emails.${filter.path}`);
  }
}

const refuse = (path: string): never => {
  throw invalidFilter(
    `${path === '' ? 'an attribute of another schema' : path} is nothing to filter users by`,
  );
};

function textIn({ path, value }: { readonly path: string; readonly value: FilterValue }): string {
  if (typeof value !== 'string') {
    throw invalidFilter(`${path} is compared with a text`);
  }
  return value;
}

function booleanIn(path: string, value: FilterValue): boolean {
  const word = String(value).toLowerCase();
  if (word !== 'true' && word !== 'false') {
    throw invalidFilter(`${path} is compared with true or false`);
  }
  return word === 'true';
}

export interface Slice {
  readonly offset: number;
  readonly count: number;
}

/** People of an organization as its directory knows them, within the tenant's scope of `db`. */
export const scimUserStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<ScimUserRow | undefined> =>
    db.maybe(ScimUserRow, sql`select ${columns} from ${peopleOf(orgId)} where id = ${id}`),

  /** Some of those whom a filter is about, in the order in which they came, and how many they are; in one turn. */
  async page(
    filter: Filter | undefined,
    { offset, count }: Slice,
  ): Promise<{ rows: ScimUserRow[]; total: number }> {
    const where = filter === undefined ? sql`true` : condition(orgId, filter);
    const [rows, { n: total }] = await Promise.all([
      db.many(
        ScimUserRow,
        sql`select ${columns} from ${peopleOf(orgId)} where ${where} order by created_at, id offset ${offset} limit ${count}`,
      ),
      db.one(Count, sql`select count(*)::integer as n from ${peopleOf(orgId)} where ${where}`),
    ]);
    return { rows, total };
  },

  /** Whether somebody else goes by that name. */
  isTaken: async (userName: string, exceptId: string | null): Promise<boolean> =>
    (await db.run(
      sql`select from ${peopleOf(orgId)} where ${named(orgId, userName)} and id is distinct from ${exceptId}::uuid limit 1`,
    )) > 0,

  /** Takes a name from those who are seen no more: deleted, or gone by themselves. */
  free: (userName: string): Promise<number> =>
    db.run(
      sql`delete from scim_users where org_id = ${orgId} and user_name_key = ${key(userName)}
          and user_id not in (select id from ${peopleOf(orgId)} where ${named(orgId, userName)})`,
    ),

  /** Writes what the directory says of somebody; whether they are active stands in their account. */
  save: (id: string, draft: UserDraft, at: string): Promise<number> => {
    const { userName, externalId, displayName, formatted, givenName, familyName, emails } = draft;
    return db.run(
      sql`insert into scim_users (org_id, user_id, user_name, external_id, display_name, formatted, given_name, family_name, emails,
            created_at, updated_at)
          values (${orgId}, ${id}, ${userName}, ${externalId}, ${displayName}, ${formatted}, ${givenName}, ${familyName},
            ${JSON.stringify(emails)}, ${at}, ${at})
          on conflict (org_id, user_id) do update set user_name = excluded.user_name, external_id = excluded.external_id,
            display_name = excluded.display_name, formatted = excluded.formatted, given_name = excluded.given_name,
            family_name = excluded.family_name, emails = excluded.emails, updated_at = excluded.updated_at`,
    );
  },

  suspend: (id: string, at: string | null): Promise<number> =>
    db.run(sql`update scim_users set suspended_at = ${at} where org_id = ${orgId} and user_id = ${id}`),

  delete: (id: string): Promise<number> =>
    db.run(sql`delete from scim_users where org_id = ${orgId} and user_id = ${id}`),
});
