import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type PasswordAttempts, provePassword } from '../users/index.ts';
import { added, changeFactor, removed } from './factor-change.ts';
import type { FactorCheck } from './factor-check.ts';
import { factorStore } from './factor-store.ts';
import { passkeyChallengeStore } from './passkey-challenge-store.ts';
import { ceremonyMs, type PasskeyCheck } from './passkey-check.ts';
import type {
  AddedPasskey,
  CreationOptions,
  NewPasskey,
  Passkey,
  PasskeyUpdate,
  RequestOptions,
} from './passkey-schemas.ts';
import { passkeyStore, passkeysMax } from './passkey-store.ts';
import { algorithms, challengeOf, PasskeyVerifier, userHandleOf } from './passkey-verifier.ts';
import type { FactorProof, NewFactor } from './second-factor-schemas.ts';

export interface PasskeyServiceOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly attempts: PasswordAttempts;
  readonly factors: FactorCheck;
  readonly passkeys: PasskeyCheck;
}

/** The caller's own passkeys. Without METADATA_PASSKEY_ORIGIN none is added. See docs/adr/0051-passkeys.md. */
export class PasskeyService {
  readonly #options: PasskeyServiceOptions;

  constructor(options: PasskeyServiceOptions) {
    this.#options = options;
  }

  /** What an authenticator makes a passkey by. Throws 409 `passkey.too_many`, 501 `auth.passkeys_not_configured`, and what `provePassword` does. */
  async propose(caller: Caller, { current_password }: NewFactor): Promise<CreationOptions> {
    const { db, passkeys } = this.#options;
    const { userId, principal } = caller;
    const { rpId } = passkeys.options;
    const proof = await provePassword(this.#options, caller, current_password);
    const known = await changeFactor(db, caller, 'user.second_factor_proposed', async (tx) => {
      await proof.stillHolds(tx);
      const all = await passkeyStore(tx, userId).known();
      if (all.length >= passkeysMax) {
        throw new ApiError('passkey.too_many');
      }
      return all;
    });
    const type = 'public-key' as const;
    return {
      challenge: await passkeyChallengeStore(db).make('register', userId),
      rp: { id: rpId, name: 'Brownie Metadata' },
      user: { id: userHandleOf(userId), name: principal.email, displayName: principal.email },
      pubKeyCredParams: algorithms.map((alg) => ({ type, alg })),
      timeout: ceremonyMs,
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      excludeCredentials: known.map((each) => ({ ...each, type })),
    };
  }

  /**
   * Adds what an authenticator made; from now on a passkey is asked for, this session has it, all others are over. Throws 401 `auth.passkey_invalid`,
   * 409 `passkey.taken` and `passkey.too_many`, 501 `auth.passkeys_not_configured`.
   */
  async add(caller: Caller, { name, credential }: NewPasskey): Promise<AddedPasskey> {
    const { db, passkeys } = this.#options;
    const { userId } = caller;
    const verifier = new PasskeyVerifier(passkeys.options);
    const challenge = challengeOf(credential);
    const isAsked =
      challenge !== undefined && (await passkeyChallengeStore(db).take(challenge, 'register', userId));
    const verified = isAsked ? await verifier.registration(credential, challenge) : undefined;
    if (verified === undefined) {
      throw new ApiError('auth.passkey_invalid');
    }
    const id = uuidv7();
    const add = async (tx: Parameters<typeof factorStore>[0]): Promise<AddedPasskey> => {
      const [own, store] = [factorStore(tx, userId), passkeyStore(tx, userId)];
      const isFirst = !(await own.isAskedFor());
      if ((await store.list()).length >= passkeysMax) {
        throw new ApiError('passkey.too_many');
      }
      const passkey = (await store.insert(id, name, verified)) ? await store.find(id) : undefined;
      if (passkey === undefined) {
        throw new ApiError('passkey.taken');
      }
      return { passkey, recovery_codes: await added(own, caller, 'passkey', isFirst) };
    };
    const says = { after: { passkey_id: id, name } };
    return await changeFactor(db, caller, 'user.second_factor_added', add, says);
  }

  /** What one of the caller's passkeys is to sign, so that it proves them. Throws 501 `auth.passkeys_not_configured`. */
  async challenge({ userId }: Caller): Promise<RequestOptions> {
    return await this.#options.passkeys.request('prove', userId);
  }

  /** Throws 404 `passkey.not_found`. */
  async rename(caller: Caller, id: string, { name }: PasskeyUpdate): Promise<Passkey> {
    const rename = async (tx: Parameters<typeof passkeyStore>[0]): Promise<Passkey> => {
      const renamed = await passkeyStore(tx, caller.userId).rename(id, name);
      if (renamed === undefined) {
        throw new ApiError('passkey.not_found');
      }
      return renamed;
    };
    const says = { after: { passkey_id: id.toLowerCase(), name } };
    return await changeFactor(this.#options.db, caller, 'user.passkey_renamed', rename, says);
  }

  /** Removes one, by any factor of the caller; all other sessions are over. Throws 404 `passkey.not_found`, 401 `auth.mfa_invalid`, 429 `auth.throttled`. */
  async remove(caller: Caller, id: string, proof: FactorProof): Promise<void> {
    const { db, factors } = this.#options;
    const { userId } = caller;
    const passkey = await passkeyStore(db.within({ userId }), userId).find(id);
    if (passkey === undefined) {
      throw new ApiError('passkey.not_found');
    }
    if ((await factors.take(caller, proof)) === undefined) {
      throw new ApiError('auth.mfa_invalid');
    }
    const remove = async (tx: Parameters<typeof passkeyStore>[0]): Promise<void> => {
      if (!(await passkeyStore(tx, userId).remove(id))) {
        throw new ApiError('passkey.not_found');
      }
      await removed(factorStore(tx, userId), caller);
    };
    const says = { before: { passkey_id: passkey.id, name: passkey.name } };
    await changeFactor(db, caller, 'user.second_factor_removed', remove, says);
  }
}
