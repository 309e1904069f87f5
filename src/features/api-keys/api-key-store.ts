import { type Static, Type } from 'typebox';
import type { Stamp } from '../../platform/changes/moment.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { join, nothing, type Sql, sql, when } from '../../platform/database/sql.ts';
import { ApiKey, type ApiKeyUpdate } from './api-key-schemas.ts';

const Count = Type.Object({ n: Type.Integer() });
const Missing = Type.Object({ index: Type.Integer() });
const Inserted = Type.Object({ id: Type.String() });

const isOver = sql`(k.generation <> u.key_generation or not u.is_active or u.deleted_at is not null or k.epoch <> e.epoch)`;

const columns = sql`k.id, k.org_id, k.user_id, u.kind = 'service_account' as is_of_service_account, k.name,
  case when k.revoked_at is not null then 'revoked' when ${isOver} then 'ended' when k.expires_at <= now() then 'expired'
       else 'active' end as state,
  to_json(k.scopes) as scopes, to_json(k.team_ids) as team_ids, to_json(k.address_ranges) as address_ranges, k.expires_at,
  case when k.previous_until > now() then k.previous_until end as previous_until,
  k.last_used_at, host(k.last_used_address) as last_used_address, k.created_by, k.updated_by, k.created_at, k.updated_at, k.revoked_at`;

const source = sql`from api_keys k join users u on u.id = k.user_id cross join credential_epoch e`;

/** Keys that this user may manage: their own, those of teams that they are admin of, and as an admin of the organization all. */
const managedBy = (userId: string): Sql => sql`and (
  k.user_id = ${userId}
  or exists (select from organization_memberships m
             where m.org_id = k.org_id and m.user_id = ${userId} and m.role in ('owner', 'admin'))
  or (k.team_ids <> '{}' and not exists (
        select from unnest(k.team_ids) as team (id) where not exists (
          select from team_memberships tm
          where tm.org_id = k.org_id and tm.team_id = team.id and tm.user_id = ${userId} and tm.role = 'admin'))))`;

export interface KeyDraft {
  readonly id: string;
  readonly userId: string;
  readonly createdBy: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly teamIds: readonly string[];
  readonly addressRanges: readonly string[];
  readonly secretHash: string;
  readonly expiresAt: string;
}

export interface NewSecret {
  readonly secretHash: string;
  readonly overlapSeconds: number;
  readonly expiresAt: string;
}

/** API keys of an organization, within the tenant's scope of `db`. */
export const apiKeyStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<ApiKey | undefined> =>
    db.maybe(ApiKey, sql`select ${columns} ${source} where k.org_id = ${orgId} and k.id = ${id}`),

  page: (userId: string, rest: Sql): Promise<ApiKey[]> =>
    db.many(ApiKey, sql`select ${columns} ${source} where k.org_id = ${orgId} ${managedBy(userId)} ${rest}`),

  /** All that are taken, or all that there are, the latest first: for the operator. */
  all: (isEndedIncluded: boolean): Promise<ApiKey[]> =>
    db.many(
      ApiKey,
      sql`select ${columns} ${source} where k.org_id = ${orgId}
          ${when(!isEndedIncluded, () => sql`and k.revoked_at is null and k.expires_at > now() and not ${isOver}`)}
          order by k.created_at desc, k.id desc`,
    ),

  lock: (id: string): Promise<ApiKey | undefined> =>
    db.maybe(
      ApiKey,
      sql`select ${columns} ${source} where k.org_id = ${orgId} and k.id = ${id} for no key update of k`,
    ),

  /** How many there are that may be taken. */
  async count(): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*)::integer as n from api_keys
          where org_id = ${orgId} and revoked_at is null and expires_at > now()`,
    );
    return n;
  },

  /** Which of these are no teams of the organization, by their place. */
  missingTeams: (ids: readonly string[]): Promise<Static<typeof Missing>[]> =>
    db.many(
      Missing,
      sql`select (at - 1)::integer as index from unnest(${ids}::uuid[]) with ordinality as wanted (id, at)
          where not exists (select from teams t where t.org_id = ${orgId} and t.id = wanted.id) order by at`,
    ),

  /**
   * Inserts; false where its user may not call any more. @NOTE the locks wait for whoever changes the user or their membership: no key is made
   * behind the back of a change that would have ended it.
   */
  async insert(draft: KeyDraft): Promise<boolean> {
    const inserted = await db.maybe(
      Inserted,
      sql`with holder as materialized (
            select u.id, u.key_generation from users u join organization_memberships m on m.user_id = u.id and m.org_id = ${orgId}
            where u.id = ${draft.userId} and u.is_active and u.deleted_at is null
              and (u.id = ${draft.createdBy} or u.kind = 'service_account') for share of u, m
          )
          insert into api_keys (org_id, id, user_id, name, scopes, team_ids, address_ranges, secret_hash, generation, epoch,
            created_by, updated_by, expires_at)
          select ${orgId}, ${draft.id}, holder.id, ${draft.name}, ${draft.scopes}::text[], ${draft.teamIds}::uuid[],
                 ${draft.addressRanges}::inet[], decode(${draft.secretHash}, 'hex'), holder.key_generation, e.epoch,
                 ${draft.createdBy}, ${draft.createdBy}, ${draft.expiresAt}
          from holder, credential_epoch e returning id`,
    );
    return inserted !== undefined;
  },

  update: (
    id: string,
    { by, at }: Stamp,
    { name, address_ranges, expires_at }: ApiKeyUpdate,
  ): Promise<number> =>
    db.run(
      sql`update api_keys set ${assigned([
        name === undefined ? undefined : sql`name = ${name}`,
        address_ranges === undefined ? undefined : sql`address_ranges = ${address_ranges}::inet[]`,
        expires_at === undefined ? undefined : sql`expires_at = ${expires_at}`,
      ])} updated_by = ${by}, updated_at = ${at} where org_id = ${orgId} and id = ${id}`,
    ),

  /** Gives a key another secret; the one so far is taken beside it for a while, but not longer than it would have been. */
  rotate: (
    id: string,
    { by, at }: Stamp,
    { secretHash, overlapSeconds, expiresAt }: NewSecret,
  ): Promise<number> =>
    db.run(
      sql`update api_keys set
            previous_hash = case when ${overlapSeconds}::integer > 0 then secret_hash end,
            previous_until = case when ${overlapSeconds}::integer > 0
              then least(expires_at, now() + make_interval(secs => ${overlapSeconds}::integer)) end,
            secret_hash = decode(${secretHash}, 'hex'), expires_at = ${expiresAt}, updated_by = ${by}, updated_at = ${at}
          where org_id = ${orgId} and id = ${id}`,
    ),

  /** `by` is null for the operator: then it says still who changed it last. */
  revoke: (id: string, { by, at }: { readonly by: string | null; readonly at: string }): Promise<number> =>
    db.run(
      sql`update api_keys set revoked_at = ${at}, updated_by = coalesce(${by}, updated_by), updated_at = ${at}
          where org_id = ${orgId} and id = ${id} and revoked_at is null`,
    ),
});

/** Assignments with a comma behind each. */
const assigned = (parts: readonly (Sql | undefined)[]): Sql =>
  join(
    parts.filter((part) => part !== undefined).map((part) => sql`${part}, `),
    nothing,
  );
