import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable, Timestamp } from '../../platform/schemas/common-schemas.ts';
import { Passkey } from './passkey-schemas.ts';

/** How many a person may have. */
export const passkeysMax = 20;

const Known = Type.Object({ id: Type.String(), transports: Type.Array(Type.String()) });
export type KnownPasskey = Static<typeof Known>;

const Stored = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  generation: Type.Integer(),
  public_key: Type.String(),
  counter: Type.Number(),
  last_used_at: nullable(Timestamp),
});
export type StoredPasskey = Static<typeof Stored>;

/** A credential as it was verified. */
export interface VerifiedPasskey {
  /** In base64url, as all that WebAuthn names. */
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
}

const columns = sql`id, name, created_at, last_used_at`;
const bytesOf = (credentialId: string): Buffer => Buffer.from(credentialId, 'base64url');

/** Passkeys, in the scope of their user. */
export const passkeyStore = (db: Queryable, userId: string) => ({
  /** The oldest first. */
  list: (): Promise<Passkey[]> =>
    db.many(Passkey, sql`select ${columns} from passkeys where user_id = ${userId} order by created_at, id`),

  find: (id: string): Promise<Passkey | undefined> =>
    db.maybe(Passkey, sql`select ${columns} from passkeys where user_id = ${userId} and id = ${id}`),

  /** As authenticators know them. */
  async known(): Promise<KnownPasskey[]> {
    const rows = await db.many(
      Known,
      sql`select encode(credential_id, 'hex') as id, transports from passkeys where user_id = ${userId} order by created_at, id`,
    );
    return rows.map(({ id, transports }) => ({
      id: Buffer.from(id, 'hex').toString('base64url'),
      transports,
    }));
  },

  /** The one that an authenticator names, and where its user belongs; undefined where it is none of theirs. */
  named: (credentialId: string): Promise<StoredPasskey | undefined> =>
    db.maybe(
      Stored,
      sql`select p.id, u.org_id, u.session_generation as generation, encode(p.public_key, 'hex') as public_key, p.counter::float8 as counter, p.last_used_at
          from passkeys p join users u on u.id = p.user_id
          where p.user_id = ${userId} and p.credential_id = ${bytesOf(credentialId)}`,
    ),

  /** False where it is there already, of whomever. */
  insert: async (id: string, name: string, passkey: VerifiedPasskey): Promise<boolean> =>
    (await db.run(
      sql`insert into passkeys (user_id, id, credential_id, public_key, counter, transports, name)
          values (${userId}, ${id}, ${bytesOf(passkey.credentialId)}, ${Buffer.from(passkey.publicKey)}, ${passkey.counter},
                  ${[...passkey.transports]}::text[], ${name})
          on conflict do nothing`,
    )) === 1,

  /** Notes a use. False where the count is none after the last one: somebody copied it (WebAuthn, 7.2, step 22). Zero is of who does not count. */
  use: async (id: string, counter: number): Promise<boolean> =>
    (await db.run(
      sql`update passkeys set counter = ${counter}, last_used_at = now()
          where user_id = ${userId} and id = ${id} and (counter < ${counter} or (counter = 0 and ${counter} = 0))`,
    )) === 1,

  rename: (id: string, name: string): Promise<Passkey | undefined> =>
    db.maybe(
      Passkey,
      sql`update passkeys set name = ${name} where user_id = ${userId} and id = ${id} returning ${columns}`,
    ),

  /** False where it is none of theirs. */
  remove: async (id: string): Promise<boolean> =>
    (await db.run(sql`delete from passkeys where user_id = ${userId} and id = ${id}`)) === 1,
});
