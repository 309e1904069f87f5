import type { Caller } from '../../platform/auth/caller.ts';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { ownCredentialStore } from './own-credential-store.ts';

/** Counts attempts at the passwords of an account, wherever they are made. */
export interface PasswordAttempts {
  /** Throws 429 `auth.throttled` where none is left. */
  attempt(account: string, address: string, isRight: () => Promise<boolean>): Promise<boolean>;
}

export interface OwnPasswordOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly attempts: PasswordAttempts;
}

/** A login through the provider that is not older proves who has no password. */
const freshSeconds = 600;

/** What a caller proved of themselves, so that they may set another password. */
export interface PasswordProof {
  /** Throws 401 `auth.password_wrong` where the password is another one by now; within the caller's lock on themselves. */
  stillHolds(tx: Transaction): Promise<void>;
}

/**
 * Proves that whoever holds a token is its user: by the password that they have, or, where they have none, by a login through the provider a
 * moment ago. Throws 422 where the password is not given, 401 `auth.password_wrong`, 401 `auth.login_required`.
 */
export async function provePassword(
  { db, passwords, attempts }: OwnPasswordOptions,
  { userId, address, principal: { email, sessionId } }: Caller,
  current: string | undefined,
): Promise<PasswordProof> {
  const credentials = ownCredentialStore(db.within({ userId }));
  const { password_hash: hash, session_generation: generation } = await credentials.find(userId);
  if (hash === null) {
    const isFresh =
      sessionId !== undefined &&
      (await credentials.isFresh(userId, sessionId, { withinSeconds: freshSeconds }));
    if (!isFresh) {
      throw new ApiError('auth.login_required');
    }
  } else {
    if (current === undefined) {
      throw invalid('/current_password', 'is needed: a token alone does not prove that it is you');
    }
    if (!(await attempts.attempt(email, address, () => passwords.verify(current, hash)))) {
      throw new ApiError('auth.password_wrong');
    }
  }
  return {
    async stillHolds(tx) {
      const now = await ownCredentialStore(tx).find(userId);
      // @NOTE in the same generation it was hashed anew at most.
      if (now.password_hash !== hash && now.session_generation !== generation) {
        throw new ApiError('auth.password_wrong');
      }
    },
  };
}
