import type { PasswordPolicy } from '../../platform/auth/password-policy.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';
import type { Visitor } from '../../platform/http/route.ts';
import type { MailOutbox } from '../../platform/mail/mail-outbox.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import { userStore } from '../users/index.ts';
import { mailTokenHash, newMailToken } from './mail-token.ts';
import { resetMail, resetSeconds } from './proof-mails.ts';
import type { ForgottenPassword, PasswordResetBody } from './proof-schemas.ts';
import { holderOf, personWith, proofStore } from './proof-store.ts';

export interface PasswordResetOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly passwordPolicy: PasswordPolicy;
  readonly limits: SharedLimits;
  readonly outbox: MailOutbox;
  readonly linkUrl: string | undefined;
  /** How many an address of the network may ask for, and try. */
  readonly attemptsPerMinute: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Mails about one account within an hour; each has a token that is good. */
const mailsPerHour = 5;

/** New passwords for who reads the mailbox of an account. */
export class PasswordReset {
  readonly #options: PasswordResetOptions;

  constructor(options: PasswordResetOptions) {
    this.#options = options;
  }

  /**
   * Sends a mail where somebody has the address, five an hour at most; the same answer after the same work for any address. @NOTE who has it is looked
   * up beside the reply, which takes no longer where there is somebody. Who asks in another's name costs them nothing: the mails that they were
   * sent go on being good.
   */
  async forgot(visitor: Visitor, { email }: ForgottenPassword): Promise<{ message: string }> {
    await this.#takeAttempt(visitor);
    this.#send(visitor, email).catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 'rate.limited')) {
        this.#options.logger.warn(
          { logger: 'brownie.mail', request_id: visitor.requestId, error },
          'a mail for a new password could not be made',
        );
      }
    });
    return { message: 'If there is an account with this address, a mail to it is on its way' };
  }

  async #send({ requestId, address }: Visitor, email: string): Promise<void> {
    const { db, limits, outbox, linkUrl } = this.#options;
    await limits.take([{ kind: 'forgot-account', subject: email, most: mailsPerHour, perSeconds: 3_600 }]);
    const person = await personWith(db, email);
    if (person === undefined) {
      return;
    }
    const { id: userId, org_id: orgId } = person;
    const token = newMailToken();
    await changeBy(db, { userId, requestId, address }, orgId, async (tx, record) => {
      const proofs = proofStore(tx, userId);
      const isThere = await userStore(tx).lock(userId);
      const account = isThere ? await proofs.account() : undefined;
      if (account?.org_id !== orgId) {
        return;
      }
      const lifetimeSeconds = resetSeconds;
      await proofs.insert(orgId, 'password_reset', { tokenHash: mailTokenHash(token), lifetimeSeconds });
      // @NOTE to the address as it stands here, never as somebody wrote it: case folding makes one of two.
      outbox.put(tx, orgId, {
        kind: 'password_reset',
        to: account.email,
        lifetimeSeconds,
        ...resetMail(token, linkUrl),
      });
      const resource = { resourceType: 'user', resourceId: userId };
      record({
        ...resource,
        at: await momentOf(tx, orgId, resource),
        action: 'user.password_reset_requested',
      });
    });
  }

  /**
   * Sets another password by the token of a mail, which ends all sessions, and proves the address; a second factor goes on being asked for. Where nobody had proved it, what stood in the account
   * ends: docs/adr/0032-what-proves-a-person.md. Throws 410 `proof.expired`, 422 for a password that may not be one.
   */
  async reset(visitor: Visitor, { token, new_password: password }: PasswordResetBody): Promise<void> {
    await this.#takeAttempt(visitor);
    const { db, passwords, passwordPolicy } = this.#options;
    const tokenHash = mailTokenHash(token);
    const holder = await holderOf(db, 'password_reset', tokenHash);
    if (holder === undefined) {
      throw new ApiError('proof.expired');
    }
    const { user_id: userId, org_id: orgId, email, username } = holder;
    passwordPolicy.check(password, [email, username], '/new_password');
    const passwordHash = await passwords.hash(password);
    const { requestId, address } = visitor;
    await changeBy(db, { userId, requestId, address }, orgId, async (tx, record) => {
      const proofs = proofStore(tx, userId);
      const isThere = await userStore(tx).lock(userId);
      const account = isThere ? await proofs.account() : undefined;
      if (account === undefined || !(await proofs.take('password_reset', tokenHash))) {
        throw new ApiError('proof.expired');
      }
      await proofs.setPassword(passwordHash);
      const others = account.is_proved ? [] : await proofs.endOtherWays();
      const resource = { resourceType: 'user', resourceId: userId };
      record({
        ...resource,
        at: await momentOf(tx, orgId, resource),
        action: 'user.password_reset',
        after: {
          ended: ['sessions', ...others],
          is_verified: true,
          because: 'a mail to the address proved whose account it is',
        },
      });
    });
  }

  async #takeAttempt({ address }: Visitor): Promise<void> {
    const { limits, attemptsPerMinute: most } = this.#options;
    await limits.take([{ kind: 'proof-by-mail', subject: clientNetwork(address), most, perSeconds: 60 }]);
  }
}
