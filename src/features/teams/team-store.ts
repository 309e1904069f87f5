import { Type } from 'typebox';
import type { Stamp } from '../../platform/changes/moment.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { assignments, differing, insertion, type Sql, sql } from '../../platform/database/sql.ts';
import { slugCandidates } from '../organizations/index.ts';
import { type NewTeam, Team, type TeamUpdate } from './team-schemas.ts';

const columns = sql`id, org_id, org_id as organization_id, name, slug, description, is_active, permissions, created_by,
  updated_by, created_at, updated_at`;

const one = (orgId: string, id: string): Sql =>
  sql`select ${columns} from teams where org_id = ${orgId} and id = ${id}`;

/** Teams of an organization, within the tenant's scope of `db`. */
export const teamStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<Team | undefined> => db.maybe(Team, one(orgId, id)),

  active: (): Promise<Team[]> =>
    db.many(
      Team,
      sql`select ${columns} from teams where org_id = ${orgId} and is_active order by created_at, id`,
    ),

  async count(): Promise<number> {
    const { n } = await db.one(
      Type.Object({ n: Type.Integer() }),
      sql`select count(*) as n from teams where org_id = ${orgId}`,
    );
    return n;
  },

  lock: (id: string): Promise<Team | undefined> => db.maybe(Team, sql`${one(orgId, id)} for no key update`),

  /** As `lock`, against those too who would refer to the team: until the transaction ends nothing new belongs to it. */
  lockToDelete: (id: string): Promise<Team | undefined> => db.maybe(Team, sql`${one(orgId, id)} for update`),

  /** Inserts; makes the slug from the name where none is given. */
  async insert(id: string, by: string, draft: Omit<NewTeam, 'organization_id'>): Promise<Team> {
    const insert = (slug: string) =>
      sql`insert into teams ${insertion({ org_id: orgId, id, created_by: by, updated_by: by, ...draft, slug })}`;
    if (draft.slug !== undefined) {
      return await db.one(Team, sql`${insert(draft.slug)} returning ${columns}`);
    }
    for (const slug of slugCandidates(draft.name, 'team')) {
      const team = await db.maybe(
        Team,
        sql`${insert(slug)} on conflict (org_id, slug) do nothing returning ${columns}`,
      );
      if (team !== undefined) {
        return team;
      }
    }
    throw new Error('no free slug was found');
  },

  /** Undefined where the team says so already. */
  update: (
    id: string,
    { by, at }: Stamp,
    fields: Omit<TeamUpdate, 'organization_id'>,
  ): Promise<Team | undefined> =>
    db.maybe(
      Team,
      sql`update teams set ${assignments({ ...fields, updated_by: by, updated_at: at })}
          where org_id = ${orgId} and id = ${id} and ${differing(fields)} returning ${columns}`,
    ),

  /** Deletes for good. Throws where a row of whatever table still belongs to the team: its foreign key decides. */
  delete: (id: string): Promise<number> =>
    db.run(sql`delete from teams where org_id = ${orgId} and id = ${id}`),
});
