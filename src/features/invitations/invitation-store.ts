import { type Static, Type } from 'typebox';
import type { Stamp } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { TeamRole } from '../users/index.ts';
import { Invitation } from './invitation-schemas.ts';

const Count = Type.Object({ n: Type.Integer() });

/** Whether its token is taken: of an invitation `i`. Who sent it must still be one who may. */
const isOpen = sql`(i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
  and i.epoch = (select epoch from credential_epoch)
  and exists (
    select from organization_memberships m join users u on u.id = m.user_id
    where m.org_id = i.org_id and m.user_id = i.updated_by and m.role in ('owner', 'admin') and u.is_active and u.deleted_at is null
  ))`;

const columns = sql`i.id, i.org_id, i.org_id as organization_id, i.email, i.team_id, i.role,
  case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
       when ${isOpen} then 'open' else 'expired' end as state,
  i.created_by, i.updated_by, i.created_at, i.updated_at, i.expires_at, i.accepted_at, i.accepted_by, i.revoked_at`;

const Place = Type.Object({ org_id: Type.String(), id: Type.String() });
const Open = Type.Object({
  org_id: Type.String(),
  id: Type.String(),
  email: Type.String(),
  team_id: Type.String(),
  role: TeamRole,
  organization_name: Type.String(),
});
export type OpenInvitation = Static<typeof Open>;

/** What the token of a mail asks to; undefined where it is taken no more. */
export const invitedBy = (db: Database, tokenHash: string): Promise<OpenInvitation | undefined> =>
  db.transaction({}, async (tx) => {
    await tx.run(sql`select set_config('app.invitation_hash', ${tokenHash}, true)`);
    const place = await tx.maybe(
      Place,
      sql`select org_id, id from invitations where secret_hash = decode(${tokenHash}, 'hex')`,
    );
    if (place === undefined) {
      return undefined;
    }
    await tx.enter({ orgId: place.org_id });
    return await tx.maybe(
      Open,
      sql`select i.org_id, i.id, i.email, i.team_id, i.role, o.name as organization_name
          from invitations i join organizations o on o.id = i.org_id
          where i.org_id = ${place.org_id} and i.id = ${place.id} and ${isOpen}`,
    );
  });

export interface InvitationDraft {
  readonly id: string;
  readonly email: string;
  readonly teamId: string;
  readonly role: string;
  readonly createdBy: string;
}

export interface NewToken {
  readonly tokenHash: string;
  readonly lifetimeSeconds: number;
}

/** Invitations of an organization, within the tenant's scope of `db`. */
export const invitationStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<Invitation | undefined> =>
    db.maybe(
      Invitation,
      sql`select ${columns} from invitations i where i.org_id = ${orgId} and i.id = ${id}`,
    ),

  page: (rest: Sql): Promise<Invitation[]> =>
    db.many(Invitation, sql`select ${columns} from invitations i where i.org_id = ${orgId} ${rest}`),

  /** Locked until the transaction ends; false where it is not there. */
  lock: async (id: string): Promise<boolean> =>
    (await db.run(sql`select from invitations where org_id = ${orgId} and id = ${id} for no key update`)) ===
    1,

  async countOpen(): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from invitations i where i.org_id = ${orgId} and ${isOpen}`,
    );
    return n;
  },

  hasOpenFor: async (email: string): Promise<boolean> =>
    (await db.run(
      sql`select from invitations i where i.org_id = ${orgId} and i.email_key = email_key(${email}) and ${isOpen} limit 1`,
    )) > 0,

  insert: (
    { id, email, teamId, role, createdBy }: InvitationDraft,
    { tokenHash, lifetimeSeconds }: NewToken,
  ): Promise<number> =>
    db.run(
      sql`insert into invitations (org_id, id, email, team_id, role, secret_hash, epoch, created_by, updated_by, expires_at)
          select ${orgId}, ${id}, ${email}, ${teamId}, ${role}, decode(${tokenHash}, 'hex'), e.epoch, ${createdBy}, ${createdBy},
                 now() + make_interval(secs => ${lifetimeSeconds})
          from credential_epoch e`,
    ),

  /** Gives it another token, for a time that begins anew: the one before is none any more. */
  renew: (id: string, { by, at }: Stamp, { tokenHash, lifetimeSeconds }: NewToken): Promise<number> =>
    db.run(
      sql`update invitations set secret_hash = decode(${tokenHash}, 'hex'), epoch = (select epoch from credential_epoch),
            expires_at = now() + make_interval(secs => ${lifetimeSeconds}), updated_by = ${by}, updated_at = ${at}
          where org_id = ${orgId} and id = ${id}`,
    ),

  revoke: (id: string, { by, at }: Stamp): Promise<number> =>
    db.run(
      sql`update invitations set revoked_at = ${at}, updated_by = ${by}, updated_at = ${at}
          where org_id = ${orgId} and id = ${id}`,
    ),

  /** False where its token is taken no more. */
  accept: async (id: string, tokenHash: string, by: string, at: string): Promise<boolean> =>
    (await db.run(
      sql`update invitations i set accepted_at = ${at}, accepted_by = ${by}, updated_at = ${at}
          where i.org_id = ${orgId} and i.id = ${id} and i.secret_hash = decode(${tokenHash}, 'hex') and ${isOpen}`,
    )) === 1,
});
