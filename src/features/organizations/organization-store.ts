import { Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { assignments, differing, insertion, sql } from '../../platform/database/sql.ts';
import { type NewOrganization, Organization, type OrganizationUpdate } from './organization-schemas.ts';
import { slugCandidates } from './slug.ts';

const Count = Type.Object({ n: Type.Integer() });
const Founder = Type.Object({ max_organizations: Type.Union([Type.Integer(), Type.Null()]) });

const columns = sql`id, name, slug, description, is_active, max_teams, max_users_per_team, mfa_required, created_at, updated_at`;

/**
 * Whether there is any organization, for whoever may see none. @NOTE row-level security hides rows, not that the table has pages: it
 * has none before the first sign-up.
 */
export async function hasOrganizations(db: {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}): Promise<boolean> {
  const { rows } = await db.query(`select 1 where pg_relation_size('organizations') > 0`);
  return rows.length > 0;
}

/** Organizations, within the scope of `db`. */
export const organizationStore = (db: Queryable) => ({
  find: (id: string): Promise<Organization | undefined> =>
    db.maybe(Organization, sql`select ${columns} from organizations where id = ${id}`),

  /** Those the user belongs to, oldest first. Needs the user's scope. */
  ofUser: (userId: string): Promise<Organization[]> =>
    db.many(
      Organization,
      sql`select ${columns} from organizations
          where id in (select org_id from organization_memberships where user_id = ${userId})
          order by created_at, id`,
    ),

  /** The organization, locked until the transaction ends: its limits hold and its changes come one by one. */
  lock: (id: string): Promise<Organization | undefined> =>
    db.maybe(Organization, sql`select ${columns} from organizations where id = ${id} for no key update`),

  /** Inserts; makes the slug from the name where none is given. */
  async insert(id: string, draft: NewOrganization): Promise<Organization> {
    const insert = (slug: string) => sql`insert into organizations ${insertion({ id, ...draft, slug })}`;
    if (draft.slug !== undefined) {
      return await db.one(Organization, sql`${insert(draft.slug)} returning ${columns}`);
    }
    for (const slug of slugCandidates(draft.name, 'organization')) {
      // @NOTE not a SELECT first: another tenant's slug is invisible here, and only the index knows it is taken.
      const inserted = await db.maybe(
        Organization,
        sql`${insert(slug)} on conflict (slug) do nothing returning ${columns}`,
      );
      if (inserted !== undefined) {
        return inserted;
      }
    }
    throw new Error('no free slug was found');
  },

  /** Undefined where the organization says so already. */
  update: (id: string, fields: OrganizationUpdate, at: string): Promise<Organization | undefined> =>
    db.maybe(
      Organization,
      sql`update organizations set ${assignments({ ...fields, updated_at: at })}
          where id = ${id} and ${differing(fields)} returning ${columns}`,
    ),

  /**
   * Locks a user in their own scope, so that nobody deletes them while they become a member, and their organizations are made one by one;
   * undefined where somebody did. @NOTE the key that a membership points to is not locked against a deletion, which is an update.
   */
  async lockFounder(userId: string) {
    const locked = await db.maybe(
      Founder,
      sql`select max_organizations from users where id = ${userId} and is_active and deleted_at is null for no key update`,
    );
    // @NOTE counted by a statement of its own: that of the lock sees what was there before it waited.
    return locked && { ...locked, owned: await this.countOwned(userId) };
  },

  /** How many organizations the user of the scope owns. */
  async countOwned(userId: string): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from organization_memberships where user_id = ${userId} and role = 'owner'`,
    );
    return n;
  },

  /**
   * Whether an organization, locked, has room for one member more, deleted ones aside: as many as all its teams can hold. Those who are in no team any more
   * count, too.
   */
  async hasRoom({ id, max_teams, max_users_per_team }: Organization): Promise<boolean> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from organization_memberships m join users u on u.id = m.user_id
          where m.org_id = ${id} and u.deleted_at is null`,
    );
    return n < max_teams * max_users_per_team;
  },

  /** Makes a user a member of the organization. */
  addMember: (membership: {
    org_id: string;
    user_id: string;
    role: 'owner' | 'admin' | 'member';
    team_id?: string;
  }): Promise<number> => db.run(sql`insert into organization_memberships ${insertion(membership)}`),
});
