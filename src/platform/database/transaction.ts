import type pg from 'pg';
import { Queryable, type QueryObserver, roundTripOf } from './queryable.ts';
import { type Scope, scopeSettings, scopeValues } from './scope.ts';
import type { Sql } from './sql.ts';
import type { StatementNames } from './statement-names.ts';
import { gather } from './wire.ts';

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export interface TransactionOptions {
  /** The database's time at the beginning, once it has begun. */
  readonly begun: Promise<string>;
  readonly names: StatementNames;
  readonly queryObserver: QueryObserver;
  /** Of the request that it is part of. */
  readonly requestId: string | undefined;
}

/** An open transaction in one tenant's scope. */
export class Transaction extends Queryable {
  readonly #begun: Promise<string>;
  readonly #unanswered: Promise<unknown>[] = [];
  readonly #client: pg.ClientBase;
  readonly #names: StatementNames;
  readonly #requestId: string | undefined;
  readonly #roundTrip: ReturnType<typeof roundTripOf>;
  #rowsWritten = 0;

  constructor(client: pg.ClientBase, options: TransactionOptions) {
    const { begun, names, queryObserver, requestId } = options;
    super(queryObserver);
    this.#requestId = requestId;
    this.#begun = begun;
    this.#client = client;
    this.#names = names;
    this.#roundTrip = roundTripOf(queryObserver);
  }

  /** How many rows this transaction has inserted, updated or deleted so far. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** The database's time at the beginning, which `now()` gives throughout: RFC 3339. */
  startedAt(): Promise<string> {
    return this.#begun;
  }

  /**
   * Sends a statement whose result nobody waits for, ahead of all that is sent after it: what a change leaves behind. Where it fails the transaction does
   * not commit.
   */
  later(statement: Sql): void {
    gather(this.#client);
    const running = this.run(statement);
    running.catch(() => undefined);
    this.#unanswered.push(running);
  }

  /** Rejects with the error of the first statement that was sent by `later` and failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#unanswered.splice(0));
  }

  /** Moves the transaction into another scope, for what concerns two tenants: making an organization. */
  async enter(scope: Scope): Promise<void> {
    const statement = { text: scopeSettings, values: [...scopeValues(scope, this.#requestId)] };
    await this.#roundTrip(scopeSettings, () => this.#client.query(statement));
  }

  protected override async send(statement: Sql): Promise<pg.QueryResult> {
    const { text } = statement;
    const name = this.#names.nameOf(text);
    const query = { text, values: [...statement.values], ...(name === undefined ? {} : { name }) };
    const result = await this.#roundTrip(text, () => this.#client.query(query));
    if (writing.has(result.command)) {
      this.#rowsWritten += result.rowCount ?? 0;
    }
    return result;
  }
}
