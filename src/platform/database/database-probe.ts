import pg from 'pg';

const connectIntervalMs = 1_000;
const timeoutMs = 500;
const question = { text: 'select 1', query_timeout: timeoutMs };

/**
 * Asks the database whether it answers, on a connection of its own: a pool that is busy is no database that is down.
 * Opens at most one connection a second.
 */
export class DatabaseProbe implements AsyncDisposable {
  readonly #dsn: string;
  #client: pg.Client | undefined;
  #connectedAt = Number.NEGATIVE_INFINITY;

  constructor(dsn: string) {
    this.#dsn = dsn;
  }

  /** Rejects where the database does not answer within half a second. */
  async check(): Promise<void> {
    const client = this.#client ?? (await this.#connect());
    try {
      await client.query(question);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const now = performance.now();
    if (now - this.#connectedAt < connectIntervalMs) {
      throw new Error('the database was tried less than a second ago');
    }
    this.#connectedAt = now;
    const client = new pg.Client({
      connectionString: this.#dsn,
      application_name: 'brownie-metadata-health',
      connectionTimeoutMillis: timeoutMs,
    });
    client.on('error', () => this.#drop(client));
    await client.connect();
    this.#client = client;
    return client;
  }

  /** @NOTE destroyed, not ended: a server that is frozen does not say goodbye. */
  #drop(client: pg.Client): void {
    if (this.#client === client) {
      this.#client = undefined;
    }
    client.end().catch(() => undefined);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }
}
