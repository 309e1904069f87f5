import type { Caller } from '../../platform/auth/caller.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { MailOutbox } from '../../platform/mail/mail-outbox.ts';
import { userStore } from '../users/index.ts';
import { mailTokenHash, newMailToken } from './mail-token.ts';
import { verificationMail, verificationSeconds } from './proof-mails.ts';
import type { EmailProof } from './proof-schemas.ts';
import { proofStore } from './proof-store.ts';

export interface EmailVerificationOptions {
  readonly db: Database;
  readonly limits: SharedLimits;
  readonly outbox: MailOutbox;
  readonly linkUrl: string | undefined;
}

/**
 * Proof that one's address is one's own: by whoever is logged in and reads the mailbox, both. @NOTE the mail alone would do for whoever signed up with
 * somebody else's address: its owner follows the link, and vouches for an account to which a stranger has the password.
 */
export class EmailVerification {
  readonly #options: EmailVerificationOptions;

  constructor(options: EmailVerificationOptions) {
    this.#options = options;
  }

  /** Sends a mail to the caller's address: five an hour. Throws 409 `user.already_verified`. */
  async send(caller: Caller): Promise<{ message: string }> {
    const { db, limits, outbox, linkUrl } = this.#options;
    const { userId, orgId } = caller;
    await limits.take([{ kind: 'email-verification', subject: userId, most: 5, perSeconds: 3_600 }]);
    const token = newMailToken();
    await change(db, caller, orgId, async (tx, record) => {
      const proofs = proofStore(tx, userId);
      const isThere = await userStore(tx).lock(userId);
      const account = isThere ? await proofs.account() : undefined;
      if (account === undefined) {
        throw new ApiError('auth.unauthenticated');
      }
      if (account.is_proved) {
        throw new ApiError('user.already_verified');
      }
      const lifetimeSeconds = verificationSeconds;
      await proofs.insert(orgId, 'email_verification', { tokenHash: mailTokenHash(token), lifetimeSeconds });
      outbox.put(tx, orgId, {
        kind: 'email_verification',
        to: account.email,
        lifetimeSeconds,
        ...verificationMail(token, linkUrl),
      });
      const resource = { resourceType: 'user', resourceId: userId };
      record({
        ...resource,
        at: await momentOf(tx, orgId, resource),
        action: 'user.email_verification_sent',
      });
    });
    return { message: 'A mail to your address is on its way' };
  }

  /** Throws 410 `proof.expired`, for a token of somebody else, too. */
  async verify(caller: Caller, { token }: EmailProof): Promise<void> {
    const { userId, orgId } = caller;
    await change(this.#options.db, caller, orgId, async (tx, record) => {
      const proofs = proofStore(tx, userId);
      await userStore(tx).lock(userId);
      if (!(await proofs.take('email_verification', mailTokenHash(token)))) {
        throw new ApiError('proof.expired');
      }
      await proofs.prove();
      const resource = { resourceType: 'user', resourceId: userId };
      record({
        ...resource,
        at: await momentOf(tx, orgId, resource),
        action: 'user.email_verified',
        after: { is_verified: true },
      });
    });
  }
}
