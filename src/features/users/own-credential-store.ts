import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable } from '../../platform/schemas/common-schemas.ts';

const Credentials = Type.Object({
  password_hash: nullable(Type.String()),
  session_generation: Type.Integer(),
});

/** What users log in with, in their own scope. */
export const ownCredentialStore = (db: Queryable) => ({
  find: (userId: string): Promise<Static<typeof Credentials>> =>
    db.one(Credentials, sql`select password_hash, session_generation from users where id = ${userId}`),

  /** Whether the session began by a login through the provider not long ago. */
  isFresh: async (
    userId: string,
    sessionId: string,
    { withinSeconds }: { withinSeconds: number },
  ): Promise<boolean> =>
    (await db.run(
      sql`select from sessions where user_id = ${userId} and id = ${sessionId} and method in ('single_sign_on', 'passkey')
            and created_at > now() - make_interval(secs => ${withinSeconds})`,
    )) === 1,
});
