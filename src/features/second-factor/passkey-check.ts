import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Purpose, passkeyChallengeStore } from './passkey-challenge-store.ts';
import type { Assertion, RequestOptions } from './passkey-schemas.ts';
import { passkeyStore } from './passkey-store.ts';
import { challengeOf, type PasskeyOptions, PasskeyVerifier, userOfHandle } from './passkey-verifier.ts';

/** How long an authenticator may take; the database holds to it, too. */
export const ceremonyMs = 300_000;

/** Who shows something, from where and in which request. */
export interface Shower {
  readonly address: string;
  readonly requestId: string;
}

/** Whose passkey was shown, and whether it proves so. */
export interface ShownPasskey {
  readonly isProved: boolean;
  readonly userId: string;
  /** Their home. */
  readonly orgId: string;
  /** Of their sessions, as it was when it was proved. */
  readonly generation: number;
}

/** Whether what an authenticator signed is of a passkey. See docs/adr/0051-passkeys.md. */
export class PasskeyCheck {
  readonly #db: Database;
  readonly #options: PasskeyOptions | undefined;

  constructor(db: Database, options: PasskeyOptions | undefined) {
    this.#db = db;
    this.#options = options;
  }

  /** What passkeys are for here. Throws 501 `auth.passkeys_not_configured`. */
  get options(): PasskeyOptions {
    if (this.#options === undefined) {
      throw new ApiError('auth.passkeys_not_configured');
    }
    return this.#options;
  }

  /** What an authenticator is asked: of a user by one of theirs, else by whichever knows whose it is. Throws 501 `auth.passkeys_not_configured`. */
  async request(purpose: Purpose, userId?: string): Promise<RequestOptions> {
    const { rpId } = this.options;
    const known = userId === undefined ? [] : await passkeyStore(this.#db.within({ userId }), userId).known();
    return {
      challenge: await passkeyChallengeStore(this.#db).make(purpose, userId),
      rpId,
      timeout: ceremonyMs,
      userVerification: 'required',
      allowCredentials: known.map((each) => ({ ...each, type: 'public-key' as const })),
    };
  }

  /**
   * Whose passkey it is; of the user, where one is named. Its challenge is used up whatever comes of it. undefined where it is
   * nobody's, or not for this. Throws 501 `auth.passkeys_not_configured`.
   */
  async take(
    shower: Shower,
    purpose: Purpose,
    assertion: Assertion,
    owner?: string,
  ): Promise<ShownPasskey | undefined> {
    const { options } = this;
    const challenge = challengeOf(assertion);
    if (challenge === undefined || !(await passkeyChallengeStore(this.#db).take(challenge, purpose, owner))) {
      return undefined;
    }
    const holder = userOfHandle(assertion.response.userHandle);
    const userId = owner ?? holder;
    // @NOTE authenticators that remember nobody name none.
    const isOfAnother = assertion.response.userHandle != null && holder !== userId;
    if (userId === undefined || isOfAnother) {
      return undefined;
    }
    const passkeys = passkeyStore(this.#db.within({ userId }), userId);
    const found = await passkeys.named(assertion.id);
    if (found === undefined) {
      return undefined;
    }
    const { id, org_id: orgId, generation } = found;
    const key = Buffer.from(found.public_key, 'hex');
    const counter = await new PasskeyVerifier(options).assertion(assertion, challenge, key);
    const isProved = counter !== undefined && (await passkeys.use(id, counter));
    if (counter !== undefined && !isProved) {
      await this.#recordCopy(shower, { userId, orgId, id });
    }
    return { isProved, userId, orgId, generation };
  }

  #recordCopy(
    { address, requestId }: Shower,
    { userId, orgId, id }: { readonly userId: string; readonly orgId: string; readonly id: string },
  ): Promise<void> {
    return recordAccess(
      this.#db,
      orgId,
      {
        actor: { userId, address, requestId },
        action: 'user.passkey_copied',
        resourceType: 'user',
        resourceId: userId,
        after: { passkey_id: id },
      },
      [{ kind: 'audit-passkey', subject: userId, most: 20, perSeconds: 3_600 }],
    );
  }
}
