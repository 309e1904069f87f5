import type pg from 'pg';
import {
  type ConfiguredSecrets,
  changeKeys,
  fingerprintOf,
  newKey,
  newKid,
  openKey,
  unwrapKey,
  wrapForAll,
  wrapKey,
} from './key-ring/index.ts';
import type { SealedSecret, SecretBox } from './secret-box.ts';

interface DataKeyRow {
  readonly id: string;
  readonly wrapped: Readonly<Record<string, string>>;
}

export interface DataKeysOptions {
  readonly pool: pg.Pool;
  readonly secrets: ConfiguredSecrets;
  /** Told of a key that none of our secrets opens: what it encrypts is lost while that is so. */
  readonly onUnreadable: (id: string) => void;
}

/**
 * Keys of the database that encrypt what the service must read again. They are encrypted under METADATA_JWT_SECRET, and under its successor once an
 * instance knows both: a change of the secret touches nothing of what they encrypt.
 */
export class DataKeys implements SecretBox {
  readonly #options: DataKeysOptions;
  #secrets: ConfiguredSecrets;
  #keys: ReadonlyMap<string, string> = new Map();

  private constructor(options: DataKeysOptions) {
    this.#options = options;
    this.#secrets = options.secrets;
  }

  /** Makes the first key, where there is none that our secrets open. Throws pg's error. */
  static async open(options: DataKeysOptions): Promise<DataKeys> {
    const keys = new DataKeys(options);
    await keys.useSecrets(options.secrets);
    return keys;
  }

  /** Makes other secrets of this instance known. Throws pg's error; then nothing has changed. */
  async useSecrets(secrets: ConfiguredSecrets): Promise<void> {
    const client = await this.#options.pool.connect();
    try {
      await changeKeys(client, async () => {
        let isAnyOpen = false;
        for (const { id, wrapped } of await this.#rows(client)) {
          const key = openKey({ kid: id, wrapped }, secrets);
          isAnyOpen ||= key !== undefined;
          if (key !== undefined && wrapped[fingerprintOf(secrets.current)] === undefined) {
            const more = { ...wrapped, ...wrapForAll(key, id, secrets) };
            await client.query('update data_keys set wrapped = $2 where id = $1', [id, JSON.stringify(more)]);
          }
        }
        if (!isAnyOpen) {
          const id = newKid();
          await client.query('insert into data_keys (id, wrapped) values ($1, $2)', [
            id,
            JSON.stringify(wrapForAll(newKey(), id, secrets)),
          ]);
        }
      });
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#secrets = secrets;
    await this.#read();
  }

  seal(secret: string, place: string): SealedSecret {
    const newest = [...this.#keys].at(-1);
    if (newest === undefined) {
      throw new Error('none of the secrets of this instance opens a key for secrets');
    }
    const [keyId, key] = newest;
    return { keyId, text: wrapKey(secret, place, key) };
  }

  async unseal({ keyId, text }: SealedSecret, place: string): Promise<string | undefined> {
    if (!this.#keys.has(keyId)) {
      await this.#read();
    }
    const key = this.#keys.get(keyId);
    return key === undefined ? undefined : unwrapKey(text, place, key);
  }

  async #read(): Promise<void> {
    const opened = new Map<string, string>();
    for (const { id, wrapped } of await this.#rows(this.#options.pool)) {
      const key = openKey({ kid: id, wrapped }, this.#secrets);
      if (key === undefined) {
        this.#options.onUnreadable(id);
      } else {
        opened.set(id, key);
      }
    }
    this.#keys = opened;
  }

  /** The oldest first. */
  async #rows(sender: Pick<pg.Pool, 'query'>): Promise<readonly DataKeyRow[]> {
    const { rows } = await sender.query<DataKeyRow>(
      'select id, wrapped from data_keys order by created_at, id',
    );
    return rows;
  }
}
