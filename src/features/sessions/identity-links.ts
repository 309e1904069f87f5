import { OidcRefusal } from '../../platform/auth/oidc-errors.ts';
import type { ProvenIdentity } from '../../platform/auth/oidc-provider.ts';
import { changeBy, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import { isSameAddress, userStore } from '../users/index.ts';
import { type Credentials, credentialStore } from './credential-store.ts';
import { type Identity, identityStore } from './identity-store.ts';
import { JustInTime } from './just-in-time.ts';

export interface IdentityLinksOptions {
  readonly db: Database;
  readonly logger: Pick<Logger, 'warn'>;
}

interface Owner {
  readonly user_id: string;
  /** Their home organization now; the one of the link may be one that they left. */
  readonly org_id: string;
}

/** Whose account a login through the provider is, and what of it ends then. See docs/adr/0032-what-proves-a-person.md. */
export class IdentityLinks {
  readonly #options: IdentityLinksOptions;
  readonly #justInTime: JustInTime;

  constructor(options: IdentityLinksOptions) {
    this.#options = options;
    this.#justInTime = new JustInTime(options);
  }

  /**
   * The user of this identity at a provider: whom it was linked to before, else the one with its address, else one who is made, where the domain of
   * the address lets this provider. Throws OidcRefusal.
   */
  async userOf(visitor: Visitor, identity: ProvenIdentity, provider: string): Promise<Owner> {
    const user = await this.#known(visitor, identity, provider);
    await this.#justInTime.admit(visitor, user.user_id, identity, provider);
    return user;
  }

  async #known(visitor: Visitor, identity: ProvenIdentity, provider: string): Promise<Owner> {
    const linked = await this.#linked(identity);
    if (linked === undefined) {
      return await this.#linkOrMake(visitor, identity, provider);
    }
    if (!linked.is_settled) {
      await this.#settle(visitor, identity, linked);
    }
    return linked;
  }

  async #linkOrMake(visitor: Visitor, identity: ProvenIdentity, provider: string): Promise<Owner> {
    const email = await identity.verifiedEmail();
    if (email === undefined) {
      throw new OidcRefusal('email_unverified');
    }
    const isPlain = isSameAddress(email, email);
    const claim = isPlain ? await this.#justInTime.claim(email, provider) : undefined;
    const found = isPlain ? await credentialStore(this.#options.db).byEmail(email) : undefined;
    if (found !== undefined || claim === undefined) {
      return await this.#link(visitor, identity, email, found);
    }
    try {
      return await this.#justInTime.make(visitor, identity, email, claim);
    } catch (error) {
      // @NOTE the same login in another tab was first.
      if (error instanceof ApiError && error.code === 'user.email_taken') {
        return await this.#link(
          visitor,
          identity,
          email,
          await credentialStore(this.#options.db).byEmail(email),
        );
      }
      throw error;
    }
  }

  /** The user whom this identity was linked to before, who must be active. */
  async #linked(identity: ProvenIdentity): Promise<(Owner & { readonly is_settled: boolean }) | undefined> {
    return await this.#options.db.transaction({}, async (tx) => {
      const identities = identityStore(tx);
      const user = await identities.find(identity);
      if (user === undefined) {
        return undefined;
      }
      await tx.enter({ userId: user.user_id });
      const account = await identities.account(user.user_id);
      if (account === undefined) {
        throw new OidcRefusal('user_inactive');
      }
      return { ...user, org_id: account.org_id };
    });
  }

  /**
   * Links the identity to the user with its e-mail address, which the provider has verified. Where nobody proved it here before, what
   * stood in the account ends: an organization may have made it in that person's name, with a password of its own.
   */
  async #link(
    visitor: Visitor,
    identity: ProvenIdentity,
    email: string,
    found: Credentials | undefined,
  ): Promise<Owner> {
    if (found === undefined || !isSameAddress(email, found.email)) {
      throw new OidcRefusal('user_unknown');
    }
    const { issuer, subject } = identity;
    const user = { user_id: found.id, org_id: found.org_id };
    const isTakenOver = await this.#change(visitor, user, async (tx, record) => {
      const identities = identityStore(tx);
      const account = await identities.account(found.id);
      if (account === undefined || account.email !== found.email) {
        throw new OidcRefusal('user_not_admitted');
      }
      if (!(await identities.insert(identity, user))) {
        // @NOTE the same login in another tab may have been first; any other subject of this issuer is somebody else.
        if ((await identities.find(identity))?.user_id !== found.id) {
          throw new OidcRefusal('user_has_another_identity');
        }
        return false;
      }
      const resource = { resourceType: 'user', resourceId: found.id };
      const at = await momentOf(tx, found.org_id, resource);
      record({ ...resource, at, action: 'user.identity_linked', after: { issuer, subject } });
      if (account.is_proved) {
        return false;
      }
      await identities.prove(found.id);
      await end(tx, record, user, identity);
      return true;
    });
    if (isTakenOver) {
      this.#tell(visitor, user);
    }
    return user;
  }

  /** Ends what stood in an account that was linked when an admin's word was enough. */
  async #settle(visitor: Visitor, identity: ProvenIdentity, user: Owner): Promise<void> {
    const isFirst = await this.#change(visitor, user, async (tx, record) => {
      const identities = identityStore(tx);
      const linked = await identities.find(identity);
      if (linked?.user_id !== user.user_id || (await identities.account(user.user_id)) === undefined) {
        throw new OidcRefusal('user_not_admitted');
      }
      if (!linked.is_settled) {
        await end(tx, record, user, identity);
      }
      return !linked.is_settled;
    });
    if (isFirst) {
      this.#tell(visitor, user);
    }
  }

  /** @NOTE the lock first: it puts this among the other changes to the user, and whoever waited for it may be gone. */
  async #change<Result>(
    { requestId, address }: Visitor,
    { user_id: userId, org_id: orgId }: Owner,
    work: (tx: Transaction, record: RecordEntry) => Promise<Result>,
  ): Promise<Result> {
    return await changeBy(this.#options.db, { userId, requestId, address }, orgId, async (tx, record) => {
      if (!(await userStore(tx).lock(userId))) {
        throw new OidcRefusal('user_not_admitted');
      }
      return await work(tx, record);
    });
  }

  #tell({ requestId }: Visitor, { user_id }: Owner): void {
    this.#options.logger.warn(
      { logger: 'brownie.oidc', request_id: requestId, user_id },
      'single sign-on proved whose account it is: the password, sessions and second factor that it had before are ended',
    );
  }
}

async function end(tx: Transaction, record: RecordEntry, user: Owner, identity: Identity): Promise<void> {
  await identityStore(tx).settle(user.user_id, identity);
  const resource = { resourceType: 'user', resourceId: user.user_id };
  record({
    ...resource,
    at: await momentOf(tx, user.org_id, resource),
    action: 'user.credentials_ended',
    after: {
      ended: ['password', 'sessions', 'other identities', 'second factor'],
      because: 'single sign-on proved whose account it is',
    },
  });
}
