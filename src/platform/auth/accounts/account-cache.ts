import type { Database } from '../../database/database.ts';
import { keepNewest } from '../../system/keep-newest.ts';
import type { VerifiedSubject } from '../tokens.ts';
import type { AccessWatch } from './access-watch.ts';
import { Account, accountStatement, type KnownCaller, RememberedAccount } from './account.ts';
import type { SealedAccounts } from './sealed-accounts.ts';

/**
 * What became of a question: answered from memory or from what instances share; read anew where it was in neither (`miss`), or where that no longer
 * held (`stale_refused`); left to the request while nothing vouches for what is remembered, or after a fault (`error`).
 */
export type CacheOutcome = 'hit_memory' | 'hit_redis' | 'miss' | 'stale_refused' | 'untrusted' | 'error';

/** What instances share, if anything. Never rejects, and holds nobody up. */
export interface SharedAccounts {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly put: (key: string, value: string, keptMs: number) => void;
}

export interface AccountCacheOptions {
  readonly db: Pick<Database, 'within'>;
  readonly watch: AccessWatch;
  readonly shared: SharedAccounts | undefined;
  readonly seals: SealedAccounts;
  /** Goes ahead of `user:{user_id}`. */
  readonly prefix: string;
  readonly ttlSeconds: number;
  readonly onOutcome: (outcome: CacheOutcome) => void;
}

interface Loaded {
  readonly account: RememberedAccount | undefined;
  readonly outcome: CacheOutcome;
}

const accountsMax = 10_000;
/** What is younger is not read again for the sake of a session that it does not know. */
const settledMs = 1_000;

/**
 * Remembers who calls: in memory, over what instances share, over PostgreSQL. It only ever says yes, and only while the watch vouches for
 * what was read; who is not known is looked up by the request itself, whose answer counts. docs/adr/0043-who-calls-is-remembered.md.
 */
export class AccountCache {
  readonly #options: AccountCacheOptions;
  readonly #accounts = new Map<string, RememberedAccount>();
  readonly #loads = new Map<string, Promise<Loaded>>();

  constructor(options: AccountCacheOptions) {
    this.#options = options;
  }

  /** Users in memory. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Whom a token names, where that is known for sure; a promise only where it is not in memory. Never rejects. */
  find(subject: VerifiedSubject): KnownCaller | undefined | Promise<KnownCaller | undefined> {
    const { watch, onOutcome } = this.#options;
    if (!watch.isTrusted || subject.sessionId === undefined) {
      onOutcome('untrusted');
      return undefined;
    }
    const remembered = this.#accounts.get(subject.userId);
    if (remembered === undefined || performance.now() >= remembered.keptUntil) {
      return this.#loadFor(subject, 'miss');
    }
    if (!watch.holds(subject.userId, remembered.moment)) {
      return this.#loadFor(subject, 'stale_refused');
    }
    const caller = remembered.caller(subject, watch.databaseMs);
    if (caller !== undefined) {
      onOutcome('hit_memory');
      return caller;
    }
    if (performance.now() - remembered.readAt > settledMs) {
      return this.#loadFor(subject, 'miss', true);
    }
    onOutcome('miss');
    return undefined;
  }

  /** @param why it is asked for @param isNew whether what is shared is too old, too */
  async #loadFor(
    subject: VerifiedSubject,
    why: CacheOutcome,
    isNew = false,
  ): Promise<KnownCaller | undefined> {
    const { watch, onOutcome } = this.#options;
    const { userId } = subject;
    const underWay =
      this.#loads.get(userId) ?? this.#load(userId, isNew).finally(() => this.#loads.delete(userId));
    this.#loads.set(userId, underWay);
    const { account, outcome } = await underWay;
    onOutcome(outcome === 'miss' ? why : outcome);
    // @NOTE it may have been under way while their access changed: it is what it saw that counts, not when it came.
    return account !== undefined && watch.holds(userId, account.moment)
      ? account.caller(subject, watch.databaseMs)
      : undefined;
  }

  async #load(userId: string, isNew: boolean): Promise<Loaded> {
    const { db, watch, shared, seals, prefix, ttlSeconds } = this.#options;
    // @NOTE varied, so that what was read together is not read again together.
    const keptMs = ttlSeconds * 1_000 * (0.9 + Math.random() / 10);
    const key = `${prefix}user:${userId}`;
    try {
      const sealed = isNew ? undefined : await shared?.get(key);
      const known = sealed === undefined ? undefined : seals.open(userId, sealed);
      const account = known && new RememberedAccount(known, keptMs);
      if (account !== undefined && watch.holds(userId, account.moment)) {
        this.#keep(userId, account);
        return { account, outcome: 'hit_redis' };
      }
      // @NOTE at the primary, whose log says what changed since.
      const row = await db.within({ userId }).maybe(Account, accountStatement(userId));
      if (row === undefined) {
        return { account: undefined, outcome: 'miss' };
      }
      shared?.put(key, seals.seal(row), keptMs);
      const read = new RememberedAccount(row, keptMs);
      this.#keep(userId, read);
      return { account: read, outcome: account === undefined ? 'miss' : 'stale_refused' };
    } catch {
      // @NOTE the request asks by itself, and says what is wrong.
      return { account: undefined, outcome: 'error' };
    }
  }

  #keep(userId: string, account: RememberedAccount): void {
    this.#accounts.delete(userId);
    keepNewest(this.#accounts, accountsMax, userId, account);
  }
}
