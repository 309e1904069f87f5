import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Type } from 'typebox';
import { apiKeyHash, isApiKey } from '../auth/api-key-secret.ts';
import type { KeySubject } from '../auth/principal-store.ts';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';
import { keepNewest } from '../system/keep-newest.ts';
import { clientNetwork } from './client-address.ts';

const Holder = Type.Object({ org_id: Type.String(), id: Type.String(), user_id: Type.String() });

/** Whose a key is, which never changes; whether it is taken is asked each time. */
interface Known {
  readonly orgId: string;
  readonly keyId: string;
  readonly userId: string;
  isUseBeingNoted: boolean;
}

const knownMax = 10_000;
/** Keys a minute and network that nobody knows: each costs a look-up. */
const unknownPerMinute = 60;

/**
 * Finds out whose an API key is. Of a key that was seen before that is known in memory, so that what it may is asked in the round trip of what
 * it asks for: the organization and the user of a key never change. Nothing else is remembered of it.
 */
export class ApiKeyHolders {
  readonly #db: Database;
  readonly #known = new Map<string, Known>();
  readonly #unknown = new RateLimiterMemory({ points: unknownPerMinute, duration: 60 });

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Undefined for what is no key, and for one that nobody knows; a promise only where it was not seen before. Rejects with 429 `auth.throttled` where
   * a network has shown too many that nobody knows.
   */
  find(key: string, address: string): KeySubject | undefined | Promise<KeySubject | undefined> {
    if (!isApiKey(key)) {
      return undefined;
    }
    const secretHash = apiKeyHash(key);
    const known = this.#known.get(secretHash);
    return known === undefined
      ? this.#lookUp(secretHash, address)
      : subjectOf(known, { secretHash, address });
  }

  /**
   * Writes when and from where a key was used last, once a minute at most whatever the number of instances. Nobody waits for it, and no
   * request fails with it.
   */
  noteUse({ orgId, keyId, secretHash, address }: KeySubject): void {
    const known = this.#known.get(secretHash);
    if (known === undefined || known.isUseBeingNoted) {
      return;
    }
    known.isUseBeingNoted = true;
    this.#db
      .within({ orgId })
      .run(
        sql`update api_keys set last_used_at = now(), last_used_address = nullif(${address}, '')::inet
            where org_id = ${orgId} and id = ${keyId} and coalesce(last_used_at <= now() - interval '1 minute', true)`,
      )
      .catch(() => undefined)
      .finally(() => {
        known.isUseBeingNoted = false;
      });
  }

  async #lookUp(secretHash: string, address: string): Promise<KeySubject | undefined> {
    const network = clientNetwork(address);
    // @NOTE taken before the work, and given back where it was none of those that are counted.
    await this.#unknown.consume(network).catch((limit: unknown) => {
      throw limit instanceof RateLimiterRes ? throttled(limit) : limit;
    });
    const within = this.#db.lookUp({});
    // @NOTE one round trip, in which the door of row-level security is open to this key alone: see migrations/0033-api-keys.sql.
    const [, holder] = await Promise.all([
      within.run(sql`select set_config('app.api_key_hash', ${secretHash}, true)`),
      within.maybe(
        Holder,
        sql`select org_id, id, user_id from api_keys
            where secret_hash = decode(${secretHash}, 'hex') or previous_hash = decode(${secretHash}, 'hex')`,
      ),
    ]);
    if (holder === undefined) {
      return undefined;
    }
    await this.#unknown.reward(network);
    const known = { orgId: holder.org_id, keyId: holder.id, userId: holder.user_id, isUseBeingNoted: false };
    keepNewest(this.#known, knownMax, secretHash, known);
    return subjectOf(known, { secretHash, address });
  }
}

const subjectOf = (
  { orgId, keyId, userId }: Known,
  shown: Pick<KeySubject, 'secretHash' | 'address'>,
): KeySubject => ({ orgId, keyId, userId, ...shown });

const throttled = ({ msBeforeNext }: RateLimiterRes): ApiError =>
  new ApiError('auth.throttled', {
    retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    why: 'this network has shown too many API keys that nobody knows; counted in this instance',
  });
