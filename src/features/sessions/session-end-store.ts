import { Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { isLive } from './session-store.ts';

const Place = Type.Object({ org_id: Type.String() });

/** The ends of sessions, in the scope of their user. */
export const sessionEndStore = (db: Queryable, userId: string) => ({
  /** The organization that a session of the user is for; undefined where it is none of theirs, or over. */
  async placeOf(id: string): Promise<string | undefined> {
    const place = await db.maybe(
      Place,
      sql`select s.org_id from sessions s where s.user_id = ${userId} and s.id = ${id} and ${isLive}`,
    );
    return place?.org_id;
  },

  /** False where it is not a session of the user, or over. */
  end: async (id: string): Promise<boolean> =>
    (await db.run(
      sql`update sessions s set ended_at = now() where s.user_id = ${userId} and s.id = ${id} and ${isLive}`,
    )) === 1,

  /** Ends all that the user has, and what tokens of releases before sessions there are; false for a user who is not there. */
  endAll: async (): Promise<boolean> =>
    (await db.run(sql`update users set session_generation = session_generation + 1 where id = ${userId}`)) ===
    1,
});
