import type pg from 'pg';
import { type Probes, Queryable } from './queryable.ts';
import { type Scope, scopeSettings, scopeValues } from './scope.ts';
import type { Sql } from './sql.ts';
import type { StatementNames } from './statement-names.ts';

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** An open transaction in one tenant's scope. */
export class Transaction extends Queryable {
  /** The database's time at the beginning, which `now()` gives throughout: RFC 3339. */
  readonly startedAt: string;
  readonly #client: pg.ClientBase;
  readonly #names: StatementNames;
  #rowsWritten = 0;

  constructor(client: pg.ClientBase, startedAt: string, names: StatementNames, probes: Probes) {
    super(probes);
    this.startedAt = startedAt;
    this.#client = client;
    this.#names = names;
  }

  /** How many rows this transaction has inserted, updated or deleted so far. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Moves the transaction into another scope, for what concerns two tenants: making an organization. */
  async enter(scope: Scope): Promise<void> {
    await this.#client.query({ text: scopeSettings, values: [...scopeValues(scope)] });
  }

  protected override async send(statement: Sql): Promise<pg.QueryResult> {
    const { text } = statement;
    const name = this.#names.nameOf(text);
    const result = await this.#client.query({
      text,
      values: [...statement.values],
      ...(name === undefined ? {} : { name }),
    });
    if (writing.has(result.command)) {
      this.#rowsWritten += result.rowCount ?? 0;
    }
    return result;
  }
}
