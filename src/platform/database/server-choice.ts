import pg from 'pg';
import { failureOf } from './database-failures.ts';
import type { SessionDemand } from './dsn.ts';
import { NotWritableError, requireWritable } from './writable.ts';

/** A server that a DSN names. */
export interface ServerAddress {
  /** A DSN for it alone. */
  readonly dsn: string;
  readonly host: string;
  readonly port: number;
}

export interface ServerChoiceOptions {
  /** One for each server, in the order in which they are named. */
  readonly dsns: readonly string[];
  readonly demand: SessionDemand;
  /** Connects with the certificates that the DSN names. */
  readonly Client: typeof pg.Client;
}

/** What a server has for an answer: one that is away must not hold up those that are there. */
const tryTimeoutMs = 1_000;

/**
 * Finds which of the servers of a DSN to connect to, and remembers it until it is lost. All are asked at the same time: of those that
 * may do, it is the first that answers where one is demanded that leads, else the first by name (libpq asks one after the other,
 * and takes the same).
 */
export class ServerChoice {
  readonly #options: ServerChoiceOptions;
  readonly #addresses: readonly ServerAddress[];
  readonly #listeners: (() => void)[] = [];
  #current: ServerAddress | undefined;
  /** The last that was found. */
  #known: ServerAddress | undefined;
  #finding: Promise<ServerAddress> | undefined;

  constructor(options: ServerChoiceOptions) {
    this.#options = options;
    this.#addresses = options.dsns.map((dsn) => {
      const { host, port } = new pg.Client({ connectionString: dsn });
      return { dsn, host, port };
    });
  }

  /** Rejects with what the servers answered: that none leads, where one answers, else what will not pass, else what the first said. */
  async find(): Promise<ServerAddress> {
    if (this.#current !== undefined) {
      return this.#current;
    }
    this.#finding ??= this.#search().finally(() => {
      this.#finding = undefined;
    });
    return await this.#finding;
  }

  /** It does not answer any more, or is not what was demanded: another one is looked for. */
  lost(address: ServerAddress | undefined): void {
    if (address !== undefined && this.#current === address) {
      this.#current = undefined;
    }
  }

  /** Whether another server has been found since. */
  isLeft(address: ServerAddress): boolean {
    return this.#known !== address;
  }

  /** Told when another server than the one before has been found. */
  onMove(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #search(): Promise<ServerAddress> {
    const tries = this.#addresses.map((address) => this.#try(address));
    const outcomes = Promise.allSettled(tries);
    const found =
      this.#options.demand === 'any' ? await firstOf(tries) : await Promise.any(tries).catch(() => undefined);
    if (found === undefined) {
      throw mostTelling(
        (await outcomes).flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
      );
    }
    const before = this.#known;
    this.#current = found;
    this.#known = found;
    if (before !== undefined && before !== found) {
      for (const listener of this.#listeners) {
        listener();
      }
    }
    return found;
  }

  async #try(address: ServerAddress): Promise<ServerAddress> {
    const client = new this.#options.Client({
      connectionString: address.dsn,
      application_name: 'brownie-server-choice',
      connectionTimeoutMillis: tryTimeoutMs,
      query_timeout: tryTimeoutMs,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await requireDemanded(client, this.#options.demand);
      return address;
    } finally {
      client.end().catch(() => undefined);
    }
  }
}

/** Throws NotWritableError where the server is not what is demanded. */
async function requireDemanded(client: pg.Client, demand: SessionDemand): Promise<void> {
  if (demand === 'any') {
    return;
  }
  try {
    await requireWritable(client);
  } catch (error) {
    // @NOTE a primary that is set to read only is one all the same.
    if (demand === 'read-write' || !(error instanceof NotWritableError) || error.obstacle === 'standby') {
      throw error;
    }
  }
}

async function firstOf(tries: readonly Promise<ServerAddress>[]): Promise<ServerAddress | undefined> {
  for (const each of tries) {
    const found = await each.catch(() => undefined);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

const mostTelling = (errors: readonly unknown[]): unknown =>
  errors.find((error) => error instanceof NotWritableError) ??
  errors.find((error) => failureOf(error)?.passes !== true) ??
  errors[0];
