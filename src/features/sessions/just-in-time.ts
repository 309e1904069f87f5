import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { domainOf } from '../../platform/auth/oidc-claims.ts';
import { OidcRefusal } from '../../platform/auth/oidc-errors.ts';
import type { ProvenIdentity } from '../../platform/auth/oidc-provider.ts';
import { changeBy, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import { claimOf, type DomainClaim } from '../domains/index.ts';
import { setExternalGroups } from '../external-groups/index.ts';
import { organizationStore } from '../organizations/index.ts';
import { requireRoom, toUser, userStore } from '../users/index.ts';
import { identityStore } from './identity-store.ts';
import { joiningStore } from './joining-store.ts';

export interface JustInTimeOptions {
  readonly db: Database;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What a login does not fail for: the person comes in as they are, and the next login tries again. */
const passing: ReadonlySet<string> = new Set([
  'service.maintenance',
  'organization.inactive',
  'organization.user_limit_reached',
  'team.inactive',
]);

/** Members whom a provider brings, by the domain of their address: docs/adr/0049-just-in-time-members.md. */
export class JustInTime {
  readonly #options: JustInTimeOptions;

  constructor(options: JustInTimeOptions) {
    this.#options = options;
  }

  /** The claim of the domain of an address. Throws OidcRefusal where another provider is believed about it. */
  async claim(email: string, provider: string): Promise<DomainClaim | undefined> {
    const claim = await claimOf(this.#options.db, domainOf(email));
    if (claim !== undefined && claim.provider !== provider) {
      throw new OidcRefusal('domain_of_another_provider');
    }
    return claim;
  }

  /** Makes a user of an organization whose domain an address, which nobody has, is of. Throws OidcRefusal where it may not be. */
  async make(
    { requestId, address }: Visitor,
    { issuer, subject }: ProvenIdentity,
    email: string,
    { org_id: orgId }: DomainClaim,
  ): Promise<{ readonly user_id: string; readonly org_id: string }> {
    const userId = uuidv7();
    const user = { user_id: userId, org_id: orgId };
    const work = async (tx: Transaction, record: RecordEntry): Promise<void> => {
      const organizations = organizationStore(tx);
      const organization = await organizations.lock(orgId);
      if (!organization?.is_active) {
        throw new OidcRefusal('organization_inactive');
      }
      if (!(await organizations.hasRoom(organization))) {
        throw new OidcRefusal('organization_full');
      }
      if (await joiningStore(tx, orgId).wasDeleted(email)) {
        throw new OidcRefusal('user_taken_out');
      }
      await userStore(tx).insert({
        id: userId,
        org_id: orgId,
        created_by: null,
        email,
        username: usernameOf(email),
      });
      await organizations.addMember({ org_id: orgId, user_id: userId, role: 'member' });
      const identities = identityStore(tx);
      if (!(await identities.insert({ issuer, subject }, user))) {
        throw new OidcRefusal('user_not_admitted');
      }
      await identities.prove(userId);
      const made = await userStore(tx).find(orgId, userId);
      if (made === undefined) {
        throw new OidcRefusal('user_not_admitted');
      }
      const resource = { resourceType: 'user', resourceId: userId };
      record({ ...resource, at: made.created_at, action: 'user.created', after: toUser(made) });
      const at = await momentOf(tx, orgId, resource, made.created_at);
      record({ ...resource, at, action: 'user.identity_linked', after: { issuer, subject } });
    };
    await changeBy(this.#options.db, { userId, requestId, address }, orgId, work);
    return user;
  }

  /**
   * Has somebody who logged in join the organization whose domain their proved address is of, and gives and takes what their groups give
   * there. Nobody whom it took out joins again. A login does not fail for any of it.
   */
  async admit(visitor: Visitor, userId: string, identity: ProvenIdentity, provider: string): Promise<void> {
    const email = await joiningStore(this.#options.db.within({ userId }), '').provedEmail(userId);
    const claim = email === undefined ? undefined : await claimOf(this.#options.db, domainOf(email));
    if (claim?.provider !== provider) {
      return;
    }
    const said = await identity.groups();
    const { org_id: orgId } = claim;
    const { requestId, address } = visitor;
    try {
      await changeBy(this.#options.db, { userId, requestId, address }, orgId, async (tx, record) => {
        const isMember = await join(tx, record, orgId, userId);
        if (isMember && said !== undefined) {
          await setExternalGroups(tx, record, {
            orgId,
            userId,
            source: `oidc:${provider}`,
            ...said,
            by: userId,
          });
        }
      });
    } catch (error) {
      if (!(error instanceof ApiError && passing.has(error.code))) {
        throw error;
      }
      this.#options.logger.warn(
        { logger: 'brownie.oidc', request_id: requestId, user_id: userId, reason: error.code },
        `single sign-on: what the provider says of a member has no effect yet: ${error.code}`,
      );
    }
  }
}

/** Whether they are a member then. */
async function join(tx: Transaction, record: RecordEntry, orgId: string, userId: string): Promise<boolean> {
  const joining = joiningStore(tx, orgId);
  const before = await joining.membership(userId);
  if (before !== 'none') {
    return before === 'member';
  }
  await requireRoom(tx, orgId);
  const isThere = await userStore(tx).lock(userId);
  // @NOTE asked anew: another login may have been first.
  if (!isThere || (await joining.membership(userId)) !== 'none') {
    return isThere && (await joining.membership(userId)) === 'member';
  }
  await organizationStore(tx).addMember({ org_id: orgId, user_id: userId, role: 'member' });
  const user = await userStore(tx).find(orgId, userId);
  if (user === undefined) {
    return false;
  }
  const resource = { resourceType: 'user', resourceId: userId };
  record({
    ...resource,
    at: await momentOf(tx, orgId, resource),
    action: 'user.joined',
    after: toUser(user),
  });
  return true;
}

/** What precedes the `@`, and something that makes it the only one of its kind. */
function usernameOf(email: string): string {
  const local = email.slice(0, email.lastIndexOf('@')).replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${local.slice(0, 60)}-${randomBytes(4).toString('hex')}`;
}
