import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { SecretBox } from '../../platform/auth/secret-box.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type PasswordAttempts, provePassword } from '../users/index.ts';
import { added, changeFactor, removed } from './factor-change.ts';
import { type FactorCheck, placeOf } from './factor-check.ts';
import { factorStore } from './factor-store.ts';
import { passkeyStore } from './passkey-store.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import type {
  FactorProof,
  FirstCode,
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

/** The caller's second factors: what there are, one-time passwords, and recovery codes. See docs/adr/0048-second-factor.md. */
export class SecondFactorService {
  readonly #options: SecondFactorServiceOptions;

  constructor(options: SecondFactorServiceOptions) {
    this.#options = options;
  }

  async state({ userId, pending }: Caller): Promise<SecondFactor> {
    const db = this.#options.db.lookUp({ userId }, pending);
    const [found, passkeys] = await Promise.all([
      factorStore(db, userId).state(),
      passkeyStore(db, userId).list(),
    ]);
    return { totp_confirmed_at: found.confirmed_at, passkeys, recovery_codes_left: found.codes_left };
  }

  /** Makes a secret, which nothing asks for before it is confirmed. Throws 409 `auth.mfa_already_added`, and what `provePassword` does. */
  async propose(caller: Caller, { current_password }: NewFactor): Promise<ProposedFactor> {
    const { userId, principal } = caller;
    const proof = await provePassword(this.#options, caller, current_password);
    const secret = newTotpSecret();
    const sealed = this.#options.box.seal(secret, placeOf(userId));
    await changeFactor(this.#options.db, caller, 'user.second_factor_proposed', async (tx) => {
      await proof.stillHolds(tx);
      if (!(await factorStore(tx, userId).propose(sealed))) {
        throw new ApiError('auth.mfa_already_added');
      }
    });
    return { secret, otpauth_uri: otpauthUri(secret, principal.email) };
  }

  /**
   * From now on they are asked for; this session has them, all others are over. Recovery codes with the first factor. Throws 401 `auth.mfa_invalid`, 409 `auth.mfa_not_proposed`, 429
   * `auth.throttled`.
   */
  async confirm(caller: Caller, { code }: FirstCode): Promise<RecoveryCodes> {
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
    return await changeFactor(db, caller, 'user.second_factor_added', async (tx) => {
      const own = factorStore(tx, userId);
      const isFirst = !(await own.isAskedFor());
      if (!(await own.confirm(factor.sealed_secret, step))) {
        throw new ApiError('auth.mfa_not_proposed');
      }
      return { recovery_codes: await added(own, caller, 'totp', isFirst) };
    });
  }

  /** Other recovery codes in the place of those that there are. Throws 401 `auth.mfa_invalid`, 429 `auth.throttled`. */
  async renewCodes(caller: Caller, proof: FactorProof): Promise<RecoveryCodes> {
    await this.#prove(caller, proof);
    const codes = newRecoveryCodes();
    await changeFactor(this.#options.db, caller, 'user.recovery_codes_made', (tx) =>
      factorStore(tx, caller.userId).replaceCodes(codes),
    );
    return { recovery_codes: codes };
  }

  /** No one-time password is taken any more; all other sessions are over. Throws 401 `auth.mfa_invalid`, 429 `auth.throttled`. */
  async remove(caller: Caller, proof: FactorProof): Promise<void> {
    const { db } = this.#options;
    const { userId } = caller;
    if ((await factorStore(db.within({ userId }), userId).find())?.confirmed_at == null) {
      throw new ApiError('auth.mfa_invalid');
    }
    await this.#prove(caller, proof);
    await changeFactor(db, caller, 'user.second_factor_removed', async (tx) => {
      const own = factorStore(tx, userId);
      await own.removeTotp();
      await removed(own, caller);
    });
  }

  async #prove(caller: Caller, proof: FactorProof): Promise<void> {
    if ((await this.#options.factors.take(caller, proof)) === undefined) {
      throw new ApiError('auth.mfa_invalid');
    }
  }
}
