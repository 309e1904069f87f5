import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable } from '../../platform/schemas/common-schemas.ts';

const PendingLogin = Type.Object({
  provider: nullable(Type.String()),
  nonce: Type.String(),
  code_verifier: Type.String(),
  browser_hash: nullable(Type.String()),
  is_live: Type.Boolean(),
});
export type PendingLogin = Static<typeof PendingLogin>;

export interface NewPendingLogin {
  /** The name of the provider that it is begun with. */
  readonly provider: string;
  readonly stateHash: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Null where no browser is bound to it. */
  readonly browserHash: string | null;
}

/** Logins that were begun at the provider; they belong to no tenant. Hashes are SHA-256 in hex digits. */
export const pendingLoginStore = (db: Queryable) => ({
  /** @NOTE each one that begins takes some that have ended with it, so that they never pile up. */
  insert: ({ provider, stateHash, nonce, codeVerifier, browserHash }: NewPendingLogin): Promise<number> =>
    db.run(
      sql`with ended as (
            delete from oidc_logins where state_hash in (
              select state_hash from oidc_logins where expires_at <= now()
              order by expires_at limit 100 for update skip locked
            )
          )
          insert into oidc_logins (provider, state_hash, nonce, code_verifier, browser_hash)
          values (${provider}, decode(${stateHash}, 'hex'), ${nonce}, ${codeVerifier}, decode(${browserHash}, 'hex'))`,
    ),

  /** Takes a login, so that nobody else can: whatever becomes of it, its state has been used. */
  take: (stateHash: string): Promise<PendingLogin | undefined> =>
    db.maybe(
      PendingLogin,
      sql`delete from oidc_logins where state_hash = decode(${stateHash}, 'hex')
          returning provider, nonce, code_verifier, encode(browser_hash, 'hex') as browser_hash, expires_at > now() as is_live`,
    ),
});
