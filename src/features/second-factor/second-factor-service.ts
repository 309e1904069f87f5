import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { SecretBox } from '../../platform/auth/secret-box.ts';
import { change, type Work } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type PasswordAttempts, provePassword, userStore } from '../users/index.ts';
import { type FactorCheck, placeOf } from './factor-check.ts';
import { factorStore } from './factor-store.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import type {
  FactorProof,
  NewFactor,
  ProposedFactor,
  RecoveryCodes,
  SecondFactor,
} from './second-factor-schemas.ts';
import { newTotpSecret, otpauthUri } from './totp.ts';

export interface SecondFactorServiceOptions {
  readonly db: Database;
  readonly box: SecretBox;
  readonly passwords: Passwords;
  readonly attempts: PasswordAttempts;
  readonly factors: FactorCheck;
}

/** The caller's own second factor. See docs/adr/0048-second-factor.md. */
export class SecondFactorService {
  readonly #options: SecondFactorServiceOptions;

  constructor(options: SecondFactorServiceOptions) {
    this.#options = options;
  }

  async state({ userId, pending }: Caller): Promise<SecondFactor> {
    const found = await factorStore(this.#options.db.lookUp({ userId }, pending), userId).state();
    return { totp_confirmed_at: found.confirmed_at, recovery_codes_left: found.codes_left };
  }

  /** Makes a secret, which nothing asks for before it is confirmed. Throws 409 `auth.mfa_already_added`, and what `provePassword` does. */
  async propose(caller: Caller, { current_password }: NewFactor): Promise<ProposedFactor> {
    const { userId, principal } = caller;
    const proof = await provePassword(this.#options, caller, current_password);
    const secret = newTotpSecret();
    const sealed = this.#options.box.seal(secret, placeOf(userId));
    await this.#change(caller, 'user.second_factor_proposed', async (tx) => {
      await proof.stillHolds(tx);
      if (!(await factorStore(tx, userId).propose(sealed))) {
        throw new ApiError('auth.mfa_already_added');
      }
    });
    return { secret, otpauth_uri: otpauthUri(secret, principal.email) };
  }

  /**
   * From now on it is asked for; this session has it, all others are over. Throws 401 `auth.mfa_invalid`, 409 `auth.mfa_not_proposed`, 429
   * `auth.throttled`.
   */
  async confirm(caller: Caller, { code }: FactorProof): Promise<RecoveryCodes> {
    const { db, factors } = this.#options;
    const { userId } = caller;
    const factor = await factorStore(db.within({ userId }), userId).find();
    if (factor === undefined || factor.confirmed_at !== null) {
      throw new ApiError('auth.mfa_not_proposed');
    }
    const step = await factors.limited(caller, () => factors.step(userId, factor, code));
    if (step === undefined) {
      throw new ApiError('auth.mfa_invalid');
    }
    const codes = newRecoveryCodes();
    await this.#change(caller, 'user.second_factor_added', async (tx) => {
      const own = factorStore(tx, userId);
      if (!(await own.confirm(factor.sealed_secret, step))) {
        throw new ApiError('auth.mfa_not_proposed');
      }
      await own.replaceCodes(codes);
      await own.endOtherSessions(sessionOf(caller));
      await own.vouch(sessionOf(caller));
    });
    return { recovery_codes: codes };
  }

  /** Other recovery codes in the place of those that there are. Throws 401 `auth.mfa_invalid`, 429 `auth.throttled`. */
  async renewCodes(caller: Caller, proof: FactorProof): Promise<RecoveryCodes> {
    await this.#prove(caller, proof);
    const codes = newRecoveryCodes();
    await this.#change(caller, 'user.recovery_codes_made', (tx) =>
      factorStore(tx, caller.userId).replaceCodes(codes),
    );
    return { recovery_codes: codes };
  }

  /** Nothing is asked for any more; all other sessions are over. Throws 401 `auth.mfa_invalid`, 429 `auth.throttled`. */
  async remove(caller: Caller, proof: FactorProof): Promise<void> {
    await this.#prove(caller, proof);
    await this.#change(caller, 'user.second_factor_removed', async (tx) => {
      const own = factorStore(tx, caller.userId);
      await own.remove();
      await own.endOtherSessions(sessionOf(caller));
      await own.disavow(sessionOf(caller));
    });
  }

  async #prove(caller: Caller, { code }: FactorProof): Promise<void> {
    if ((await this.#options.factors.take(caller, code)) === undefined) {
      throw new ApiError('auth.mfa_invalid');
    }
  }

  async #change(caller: Caller, action: AuditAction, work: (tx: Parameters<Work<void>>[0]) => Promise<void>) {
    const { orgId, userId } = caller;
    await change(this.#options.db, caller, orgId, async (tx, record) => {
      if (!(await userStore(tx).lock(userId))) {
        throw new ApiError('auth.unauthenticated');
      }
      await work(tx);
      const resource = { resourceType: 'user', resourceId: userId };
      record({ ...resource, at: await momentOf(tx, orgId, resource), action });
    });
  }
}

const sessionOf = ({ principal }: Caller): string | null => principal.sessionId ?? null;
