import type pg from 'pg';
import { adoptSecrets, type ConfiguredSecrets, isUnsettled, openKey, settle } from './key-lifecycle.ts';
import { readKeyPair } from './key-pair.ts';
import { changeKeys, type KeyRow, liveKeys } from './key-rows.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

export interface KeyRingOptions {
  readonly pool: pg.Pool;
  readonly secrets: ConfiguredSecrets;
  /** How long a token is valid. */
  readonly tokenSeconds: number;
  /** Told of a key that none of our secrets opens. */
  readonly onUnreadable: (kid: string) => void;
  /** Told that keys could not be read, once until they can: those that are known are kept. */
  readonly onFailure: (error: unknown) => void;
}

/** A key as people see it. */
interface KeyInUse extends Pick<SigningKey, 'kid' | 'status'> {
  /** When it came to have this status, in seconds since 1970. */
  readonly since: number;
}

type Watcher = (keys: readonly KeyInUse[]) => void;

const everyMs = 1_000;
const atMostEveryMs = 200;
const settleEveryMs = 600_000;
/** After a database that is away, half as much again at most: instances must not storm it together. */
const afterFailureMs = 3_000;

/**
 * The keys of the database, as this instance knows them: looked at every second, so that every instance accepts what any other
 * issues, and refuses within a second what is retired.
 */
export class KeyRing implements SigningKeys, AsyncDisposable {
  readonly #options: KeyRingOptions;
  #secrets: ConfiguredSecrets;
  readonly #unreadable = new Set<string>();
  #watcher: Watcher = () => undefined;
  #keys: readonly SigningKey[] = [];
  #inUse: readonly KeyInUse[] = [];
  #seen = '';
  #settledAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #retryAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: KeyRingOptions) {
    this.#options = options;
    this.#secrets = options.secrets;
  }

  /** Makes this instance's secrets known and reads the keys. Throws KeyRingError, or pg's error. */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    await ring.useSecrets(options.secrets);
    ring.#timer = setInterval(() => ring.refresh(), everyMs);
    ring.#timer.unref();
    return ring;
  }

  /** Makes other secrets of this instance known, and reads the keys. Throws KeyRingError; then nothing has changed. */
  async useSecrets(secrets: ConfiguredSecrets): Promise<void> {
    await this.#change((client) => adoptSecrets(client, secrets));
    this.#secrets = secrets;
    this.#unreadable.clear();
    this.#seen = '';
    await this.#read();
  }

  /** Tells of the keys in use: now, and whenever they have changed. */
  watch(watcher: Watcher): void {
    this.#watcher = watcher;
    watcher(this.#inUse);
  }

  current(): SigningKey {
    const key = this.#keys.find(({ status }) => status === 'current');
    if (key === undefined) {
      throw new Error('none of the secrets of this instance opens the key that signs tokens');
    }
    return key;
  }

  named(kid: string | undefined): readonly SigningKey[] {
    return this.#keys.filter((key) => (kid === undefined ? key.acceptsUnnamed : key.kid === kid));
  }

  all(): readonly SigningKey[] {
    return this.#keys;
  }

  /** Reads the keys, unless that was done a moment ago. A database that is away leaves them as they are. */
  async refresh(): Promise<void> {
    const now = performance.now();
    if (now - this.#readAt >= atMostEveryMs && now >= this.#retryAt) {
      this.#reading ??= this.#read()
        .catch((error: unknown) => {
          this.#failed(error);
          this.#retryAt = performance.now() + afterFailureMs * (1 + Math.random() / 2);
        })
        .finally(() => {
          this.#reading = undefined;
        });
      await this.#reading;
    }
  }

  async #read(): Promise<void> {
    const { pool, tokenSeconds } = this.#options;
    let rows = await liveKeys(pool);
    const isDue = performance.now() - this.#settledAt >= settleEveryMs;
    if (isDue || isUnsettled(rows, tokenSeconds)) {
      await this.#change((client) => settle(client, tokenSeconds));
      this.#settledAt = performance.now();
      rows = await liveKeys(pool);
    }
    this.#readAt = performance.now();
    this.#take(rows);
    this.#isFailing = false;
  }

  /** Tells of the first of several failures. */
  #failed(error: unknown): void {
    if (!this.#isFailing) {
      this.#isFailing = true;
      this.#options.onFailure(error);
    }
  }

  #take(rows: readonly KeyRow[]): void {
    const { onUnreadable } = this.#options;
    const seen = rows.map(({ kid, status }) => `${kid} ${status}`).join();
    if (seen === this.#seen) {
      return;
    }
    this.#keys = rows.flatMap((row) => {
      const known = this.#keys.find(({ kid }) => kid === row.kid);
      const key = known ?? openedKey(row, this.#secrets);
      if (key === undefined && !this.#unreadable.has(row.kid)) {
        this.#unreadable.add(row.kid);
        onUnreadable(row.kid);
      }
      const isUsable = key !== undefined && row.status !== 'retired';
      return isUsable ? [signingKey(row, key)] : [];
    });
    this.#seen = seen;
    this.#inUse = rows.flatMap(({ kid, seconds }) => {
      const key = this.#keys.find((each) => each.kid === kid);
      return key === undefined ? [] : [{ kid, status: key.status, since: Date.now() / 1000 - seconds }];
    });
    this.#watcher(this.#inUse);
  }

  async #change<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#options.pool.connect();
    try {
      const result = await changeKeys(client, () => work(client));
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }
}

type OpenedKey = Pick<SigningKey, 'key' | 'pair'>;

function openedKey(row: KeyRow, secrets: ConfiguredSecrets): OpenedKey | undefined {
  const key = openKey(row, secrets);
  return key === undefined ? undefined : { key, pair: readKeyPair(row.kid, key) };
}

const signingKey = ({ kid, status, configuredSecret }: KeyRow, { key, pair }: OpenedKey): SigningKey => ({
  kid,
  status: status as SigningKey['status'],
  key,
  pair,
  acceptsUnnamed: configuredSecret !== null && pair === undefined,
});
