import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable } from '../../platform/schemas/common-schemas.ts';

const Credentials = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  email: Type.String(),
  password_hash: nullable(Type.String()),
  is_active: Type.Boolean(),
  session_generation: Type.Integer(),
});
export type Credentials = Static<typeof Credentials>;

/** What a login is compared with: like the principal of a token (principal-store.ts), found before there is a tenant. */
export const credentialStore = (db: Database) => ({
  /** The user with this address, in whatever case, who is not deleted. */
  byEmail: (email: string): Promise<Credentials | undefined> =>
    db.within({ loginEmail: email }).maybe(
      Credentials,
      sql`select id, org_id, email, password_hash, is_active, session_generation
          from users where email_key = email_key(${email}) and deleted_at is null`,
    ),
});
