import { v7 as uuidv7 } from 'uuid';
import type { PasswordPolicy } from '../../platform/auth/password-policy.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { changeBy, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, type Fault } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';
import type { Visitor } from '../../platform/http/route.ts';
import { organizationStore } from '../organizations/index.ts';
import { mailTokenHash, proofStore } from '../proofs/index.ts';
import {
  addToTeam,
  isSameAddress,
  joinOrganization,
  requireRoom,
  toUser,
  type User,
  userStore,
} from '../users/index.ts';
import { type Account, accountStore, accountWith } from './account-store.ts';
import type { Acceptance } from './invitation-schemas.ts';
import { invitationStore, invitedBy, type OpenInvitation } from './invitation-store.ts';

export interface InvitationAcceptanceOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordPolicy: PasswordPolicy;
  readonly limits: SharedLimits;
  readonly attemptsPerMinute: number;
}

/** Who joins: an account that is there, or one to be made. */
interface Joining {
  readonly invited: OpenInvitation;
  readonly tokenHash: string;
  readonly userId: string;
  readonly account: Account | undefined;
  readonly username: string;
  readonly fullName: string | null;
  readonly passwordHash: string | undefined;
}

/**
 * Joins by the token of a mail, which proves the address: with the account that has it, or a new one. In an account that nobody had proved, what was
 * there ends, for whoever made it would join as well: docs/adr/0032-what-proves-a-person.md.
 */
export class InvitationAcceptance {
  readonly #options: InvitationAcceptanceOptions;

  constructor(options: InvitationAcceptanceOptions) {
    this.#options = options;
  }

  /** Throws 410 `invitation.expired`, 422 for what is missing or too much, 409 where there is no room. */
  async accept(visitor: Visitor, body: Acceptance): Promise<User> {
    const { db, limits, attemptsPerMinute: most, passwords, passwordPolicy } = this.#options;
    const { requestId, address } = visitor;
    await limits.take([{ kind: 'proof-by-mail', subject: clientNetwork(address), most, perSeconds: 60 }]);
    const tokenHash = mailTokenHash(body.token);
    const invited = await invitedBy(db, tokenHash);
    if (invited === undefined) {
      throw new ApiError('invitation.expired');
    }
    const account = await accountWith(db, invited.email);
    if (account !== undefined && !(account.is_active && isSameAddress(invited.email, account.email))) {
      throw new ApiError('invitation.account_inactive');
    }
    requireFitting(body, account);
    const username = account?.username ?? body.username ?? '';
    const { password, full_name: fullName = null } = body;
    if (password !== undefined) {
      passwordPolicy.check(password, [invited.email, username, invited.organization_name]);
    }
    const passwordHash = password === undefined ? undefined : await passwords.hash(password);
    const userId = account?.id ?? uuidv7();
    const joining = { invited, tokenHash, userId, account, username, fullName, passwordHash };
    return await changeBy(db, { userId, requestId, address }, invited.org_id, (tx, record) =>
      join(tx, record, joining),
    );
  }
}

/** Throws 422 for what an account that is to be made lacks, and for what one that is there has already. */
function requireFitting({ username, password, full_name }: Acceptance, account: Account | undefined): void {
  const given = { username, password, full_name };
  const isWanted = {
    username: account === undefined,
    password: !account?.is_proved,
    full_name: account === undefined,
  };
  const faults = (['username', 'password', 'full_name'] as const).flatMap((name): Fault[] => {
    if (!isWanted[name]) {
      return given[name] === undefined
        ? []
        : [{ pointer: `/${name}`, message: 'is not taken: the account with this address keeps what it has' }];
    }
    return given[name] === undefined && name !== 'full_name'
      ? [{ pointer: `/${name}`, message: 'is needed: nobody has proved this address before' }]
      : [];
  });
  if (faults.length > 0) {
    throw new ApiError('request.invalid', { faults });
  }
}

async function join(tx: Transaction, record: RecordEntry, joining: Joining): Promise<User> {
  const { invited, tokenHash, userId, account } = joining;
  const { org_id: orgId, id, team_id: teamId, role } = invited;
  const invitations = invitationStore(tx, orgId);
  const accounts = accountStore(tx, orgId, userId);
  const isMember = account !== undefined && (await accounts.isMember());
  if (isMember) {
    await organizationStore(tx).lock(orgId);
  } else {
    await requireRoom(tx, orgId);
  }
  await invitations.lock(id);
  if (account === undefined) {
    await makeAccount(tx, joining);
  } else {
    await takeAccount(tx, record, account, joining);
  }
  if (!isMember) {
    await joinOrganization(tx, orgId, userId);
  }
  if (!(await accounts.isInTeam(teamId))) {
    await addToTeam(tx, { orgId, teamId, userId, role });
  }
  const resource = { resourceType: 'invitation', resourceId: id };
  const at = await momentOf(tx, orgId, resource);
  if (!(await invitations.accept(id, tokenHash, userId, at))) {
    throw new ApiError('invitation.expired');
  }
  const joined = await userStore(tx).find(orgId, userId);
  if (joined === undefined) {
    throw new ApiError('invitation.account_inactive');
  }
  const user = toUser(joined);
  record({
    resourceType: 'user',
    resourceId: userId,
    teamId,
    at: await momentOf(tx, orgId, { resourceType: 'user', resourceId: userId }),
    action: account === undefined ? 'user.created' : 'user.joined',
    after: user,
  });
  record({
    ...resource,
    teamId,
    at,
    action: 'invitation.accepted',
    after: (await invitations.find(id)) ?? null,
  });
  return user;
}

async function makeAccount(tx: Transaction, joining: Joining): Promise<void> {
  const { invited, userId, username, fullName, passwordHash } = joining;
  await userStore(tx).insert({
    id: userId,
    org_id: invited.org_id,
    created_by: null,
    email: invited.email,
    username,
    full_name: fullName,
    ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
  });
  await proofStore(tx, userId).prove();
}

async function takeAccount(
  tx: Transaction,
  record: RecordEntry,
  seen: Account,
  { invited, userId, passwordHash }: Joining,
): Promise<void> {
  const accounts = accountStore(tx, invited.org_id, userId);
  const isThere = await userStore(tx).lock(userId);
  const account = isThere ? await accounts.read() : undefined;
  // @NOTE whoever changed it meanwhile, or proved it, begins again with what it is now.
  if (!account?.is_active || account.email !== seen.email || account.is_proved !== seen.is_proved) {
    throw new ApiError('invitation.account_inactive');
  }
  if (account.is_proved) {
    return;
  }
  if (passwordHash === undefined) {
    throw new ApiError('invitation.account_inactive');
  }
  // @NOTE whoever made it knows another way in.
  const proofs = proofStore(tx, userId);
  await proofs.setPassword(passwordHash);
  const others = await proofs.endOtherWays();
  const resource = { resourceType: 'user', resourceId: userId };
  record({
    ...resource,
    at: await momentOf(tx, invited.org_id, resource),
    action: 'user.credentials_ended',
    after: {
      ended: ['password', 'sessions', ...others],
      because: 'a mail to the address proved whose account it is',
    },
  });
}
