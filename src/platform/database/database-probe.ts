import type pg from 'pg';
import { DatabaseTls } from './database-tls.ts';
import { destroySocket } from './wire.ts';
import { NotWritableError, requireWritable } from './writable.ts';

const connectIntervalMs = 1_000;
/** The first time: a switchover is over in a second or two. */
const firstIntervalMs = 400;
const timeoutMs = 500;

/**
 * Asks the database whether it answers, on a connection of its own: a pool that is busy is no database that is down.
 * Opens at most one connection a second, but for the first after one was lost.
 */
export class DatabaseProbe implements AsyncDisposable {
  readonly #tls: DatabaseTls;
  readonly #name: string;
  #client: pg.Client | undefined;
  #isReadOnly = false;
  /** Attempts to connect since one succeeded. */
  #failures = 0;
  #last: Promise<unknown> = Promise.resolve();
  #nextConnectAt = Number.NEGATIVE_INFINITY;

  /** @param name what PostgreSQL calls the connection: by `brownie-metadata-health` the doctor counts instances */
  constructor(dsn: string, tls = new DatabaseTls(dsn), name = 'brownie-metadata-health') {
    this.#tls = tls;
    this.#name = name;
  }

  /** Rejects where the database does not answer within half a second, with NotWritableError where it takes no writes. */
  async check(): Promise<void> {
    try {
      await requireWritable(this);
      this.#isReadOnly = false;
    } catch (error) {
      this.#isReadOnly = error instanceof NotWritableError && error.obstacle === 'read_only';
      const client = this.#client;
      if (error instanceof NotWritableError && client !== undefined && this.#tls.lost(client)) {
        this.#drop(client);
      }
      throw error;
    }
  }

  /** Asks something else, after what is being asked. Rejects where it is not answered within half a second. */
  query<Row extends pg.QueryResultRow>(statement: string | pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    const answer = this.#last.then(() => this.#ask<Row>(config));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask<Row extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const client = (await this.#current()) ?? (await this.#connect());
    try {
      return await client.query<Row>({ ...config, query_timeout: timeoutMs } as pg.QueryConfig);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  /**
   * The connection that there is, unless the certificates it was made with have been replaced. @NOTE a session keeps what it was told
   * of read only when it began: only a new one knows better.
   */
  async #current(): Promise<pg.Client | undefined> {
    const client = this.#client;
    const isToBeRenewed = this.#isReadOnly && performance.now() >= this.#nextConnectAt;
    if (client !== undefined && (isToBeRenewed || this.#tls.isOutdated(client))) {
      this.#client = undefined;
      await client.end();
    }
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const now = performance.now();
    if (now < this.#nextConnectAt) {
      throw new Error('the database was tried a moment ago');
    }
    // @NOTE varied: instances that lost the database together do not knock together.
    const intervalMs = this.#failures === 0 ? firstIntervalMs : connectIntervalMs;
    this.#nextConnectAt = now + intervalMs * (1 + Math.random() / 4);
    this.#failures += 1;
    const client = new this.#tls.Client({
      connectionString: this.#tls.dsn,
      application_name: this.#name,
      connectionTimeoutMillis: timeoutMs,
    });
    client.on('error', () => this.#drop(client));
    await client.connect();
    this.#client = client;
    this.#failures = 0;
    return client;
  }

  /** @NOTE destroyed, not ended: a server that is frozen does not say goodbye. */
  #drop(client: pg.Client): void {
    if (this.#client === client) {
      this.#client = undefined;
    }
    this.#tls.lost(client);
    client.end().catch(() => undefined);
    destroySocket(client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }
}
