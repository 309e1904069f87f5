import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { nameInMail } from '../../platform/mail/mail.ts';
import type { MailOutbox } from '../../platform/mail/mail-outbox.ts';
import { organizationStore } from '../organizations/index.ts';
import { mailTokenHash, newMailToken, wayWith } from '../proofs/index.ts';
import { teamStore } from '../teams/index.ts';
import {
  type Invitation,
  type InvitationListQuery,
  invitationSeconds,
  type NewInvitation,
} from './invitation-schemas.ts';
import { invitationStore } from './invitation-store.ts';

/** Open invitations that an organization may have. */
const openMax = 500;
const perSeconds = 3_600;
const lifetimeSeconds = invitationSeconds;

export interface InvitationServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly limits: SharedLimits;
  readonly outbox: MailOutbox;
  readonly linkUrl: string | undefined;
}

const resourceOf = (id: string) => ({ resourceType: 'invitation', resourceId: id });

/** Whom an organization asks to join. Nothing here tells whether they have an account. */
export class InvitationService {
  readonly #options: InvitationServiceOptions;

  constructor(options: InvitationServiceOptions) {
    this.#options = options;
  }

  async create(caller: Caller, orgId: string, draft: NewInvitation): Promise<Invitation> {
    caller.authorize({ orgId });
    await this.#takeMail(caller, orgId);
    const { email, role = 'member' } = draft;
    const teamId = draft.team_id.toLowerCase();
    const token = newMailToken();
    return await change(this.#options.db, caller, orgId, async (tx, record) => {
      const invitations = invitationStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      if ((await invitations.countOpen()) >= openMax) {
        throw new ApiError('organization.invitation_limit_reached');
      }
      if (await invitations.hasOpenFor(email)) {
        throw new ApiError('invitation.already_open');
      }
      if ((await teamStore(tx, orgId).find(teamId)) === undefined) {
        throw new ApiError('team.not_found');
      }
      const id = uuidv7();
      const tokenHash = mailTokenHash(token);
      await invitations.insert(
        { id, email, teamId, role, createdBy: caller.userId },
        { tokenHash, lifetimeSeconds },
      );
      const made = await found(invitations.find(id));
      await this.#send(tx, caller, made, token);
      record({ ...resourceOf(id), teamId, at: made.created_at, action: 'invitation.created', after: made });
      return made;
    });
  }

  async list(caller: Caller, orgId: string, query: InvitationListQuery): Promise<Page<Invitation>> {
    const { db, cursors } = this.#options;
    return await readWithin(db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: isLong(query),
      read: (within) =>
        paginate<typeof Invitation>({
          cursors,
          list: listName('invitations', { orgId }),
          query,
          key: { at: sql`i.created_at`, id: sql`i.id`, idType: sql`uuid` },
          positionOf: (invitation) => ({ at: invitation.created_at, id: invitation.id }),
          fetch: (rest) => invitationStore(within, orgId).page(rest),
        }),
    });
  }

  async get(caller: Caller, orgId: string, id: string): Promise<Invitation> {
    return await readWithin(this.#options.db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: false,
      read: (within) => found(invitationStore(within, orgId).find(id)),
    });
  }

  /** Sends another mail, with another token; the one before is none any more. Throws 409 `invitation.over`. */
  async resend(caller: Caller, orgId: string, id: string): Promise<Invitation> {
    caller.authorize({ orgId });
    await this.#takeMail(caller, orgId);
    const token = newMailToken();
    return await change(this.#options.db, caller, orgId, async (tx, record) => {
      const invitations = invitationStore(tx, orgId);
      const before = await this.#lock(tx, orgId, id);
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      await invitations.renew(
        id,
        { by: caller.userId, at },
        { tokenHash: mailTokenHash(token), lifetimeSeconds },
      );
      const after = await found(invitations.find(id));
      await this.#send(tx, caller, after, token);
      record({ ...resourceOf(id), teamId: after.team_id, at, action: 'invitation.resent', before, after });
      return after;
    });
  }

  /** Throws 409 `invitation.over` where they have joined; what is revoked stays so. */
  async revoke(caller: Caller, orgId: string, id: string): Promise<void> {
    caller.authorize({ orgId });
    await change(this.#options.db, caller, orgId, async (tx, record) => {
      const invitations = invitationStore(tx, orgId);
      const before = await this.#lock(tx, orgId, id);
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      await invitations.revoke(id, { by: caller.userId, at });
      const after = await found(invitations.find(id));
      record({ ...resourceOf(id), teamId: after.team_id, at, action: 'invitation.revoked', before, after });
    });
  }

  /** The organization first, as who joins does; throws for one that is over for good. */
  async #lock(tx: Transaction, orgId: string, id: string): Promise<Invitation> {
    const invitations = invitationStore(tx, orgId);
    await organizationStore(tx).lock(orgId);
    await invitations.lock(id);
    const before = await found(invitations.find(id));
    if (before.state === 'accepted' || before.state === 'revoked') {
      throw new ApiError('invitation.over');
    }
    return before;
  }

  /** Mails that an admin, and an organization, may have sent within an hour. */
  async #takeMail({ userId }: Caller, orgId: string): Promise<void> {
    await this.#options.limits.take([
      { kind: 'invitation-user', subject: userId, most: 100, perSeconds },
      { kind: 'invitation-organization', subject: orgId, most: 200, perSeconds },
    ]);
  }

  async #send(
    tx: Transaction,
    caller: Caller,
    { org_id: orgId, email }: Invitation,
    token: string,
  ): Promise<void> {
    const { outbox, linkUrl } = this.#options;
    const organization = await organizationStore(tx).find(orgId);
    const [from, to] = [caller.principal.username, organization?.name ?? ''].map(nameInMail);
    outbox.put(tx, orgId, {
      kind: 'invitation',
      to: email,
      lifetimeSeconds,
      subject: 'An invitation to Brownie',
      text: [
        `${from} asks you to join the organization "${to}" on Brownie.\n\n`,
        'The invitation is good for a week:\n\n',
        wayWith(token, { linkUrl, action: 'invitation', route: 'POST /api/v1/invitations/accept' }),
        '\nIf you do not know them, there is nothing to do: without this mail nobody joins in your name.\n',
      ].join(''),
    });
  }
}

async function found(invitation: Promise<Invitation | undefined>): Promise<Invitation> {
  const there = await invitation;
  if (there === undefined) {
    throw new ApiError('invitation.not_found');
  }
  return there;
}
