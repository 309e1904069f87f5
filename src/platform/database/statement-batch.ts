import type pg from 'pg';
import pgUtils from 'pg/lib/utils.js';
import { serialize } from 'pg-protocol';
import { type Description, descriptionOf } from './description.ts';
import { scopeStatement } from './scope.ts';
import { Query, type WireConnection } from './wire.ts';

/** A statement under the name that it is prepared with; without one it is parsed each time. */
export interface NamedStatement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name: string | undefined;
}

/** What a statement gave. */
export interface StatementResult {
  readonly rows: unknown[];
  /** Rows that were given or written; null where its command counts none. */
  readonly rowCount: number | null;
  readonly command: string;
}

/** What is read while the statement runs: `StatementResult`, growing. */
class Collector implements StatementResult {
  readonly rows: unknown[] = [];
  rowCount: number | null = null;
  command = '';
  description: Description | undefined;

  add(values: readonly (string | null)[]): void {
    const { names, parsers } = this.description ?? {};
    if (names === undefined || parsers === undefined) {
      throw new Error('a row came before its description');
    }
    const row: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = values[index] ?? null;
      row[names[index] as string] = value === null ? null : parsers[index]?.(value);
    }
    this.rows.push(row);
  }

  complete(tag: string): void {
    const words = tag.split(' ');
    const count = words.length > 1 ? Number(words.at(-1)) : Number.NaN;
    this.command = words[0] ?? '';
    this.rowCount = Number.isNaN(count) ? null : count;
  }
}

/**
 * Statements in their tenant scope (given as the values of `scopeSettings`), in one round trip: Bind(set_config …), Bind(first), Bind(second) …,
 * one Sync. Everything up to the Sync is one implicit transaction: an error undoes all of it, and the settings are gone when it is
 * done (PostgreSQL manual, 53.2.4 "Pipelining"). Statements that have a name must have been prepared on the connection.
 */
export class StatementBatch extends Query {
  readonly #scope: readonly string[];
  readonly #statements: readonly NamedStatement[];
  readonly #collectors: readonly Collector[];
  #connection: WireConnection | undefined;
  /** Of the statement that answers: the scope's is -1. */
  #current = -1;
  #fault: Error | undefined;

  constructor(
    scope: readonly string[],
    statements: readonly NamedStatement[],
    callback: (error: Error | null, results: readonly StatementResult[]) => void,
  ) {
    super({ text: '' }, undefined, (error) => callback(error, this.#collectors));
    this.#scope = scope;
    this.#statements = statements;
    this.#collectors = statements.map(() => new Collector());
  }

  override submit(connection: WireConnection): Error | null {
    this.#connection = connection;
    let values: unknown[][];
    try {
      values = this.#statements.map((statement) => statement.values.map(pgUtils.prepareValue));
    } catch (error) {
      return error as Error;
    }
    const messages = [
      serialize.bind({ statement: scopeStatement, values: [...this.#scope] }),
      serialize.execute(),
    ];
    this.#statements.forEach(({ name = '', text }, index) => {
      if (name === '') {
        messages.push(serialize.parse({ text }));
      }
      messages.push(serialize.bind({ statement: name, values: values[index] ?? [] }));
      if (name === '') {
        messages.push(serialize.describe({ type: 'P' }));
      }
      messages.push(serialize.execute());
    });
    messages.push(serialize.sync());
    // @NOTE in one piece: each that the stream is given costs more than to copy it.
    if (connection.stream.writable) {
      connection.stream.write(Buffer.concat(messages));
    }
    return null;
  }

  override handleRowDescription({ fields }: { fields: readonly pg.FieldDef[] }): void {
    const collector = this.#collectors[this.#current];
    if (collector !== undefined) {
      collector.description = descriptionOf(fields);
    }
  }

  override handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const collector = this.#collectors[this.#current];
    if (collector === undefined || this.#fault !== undefined) {
      return;
    }
    try {
      collector.description ??= this.#prepared(this.#statements[this.#current]?.name ?? '');
      collector.add(fields);
    } catch (error) {
      this.#fault = error as Error;
    }
  }

  override handleCommandComplete({ text }: { text: string }): void {
    this.#collectors[this.#current]?.complete(text);
    this.#current += 1;
  }

  override handleReadyForQuery(connection: WireConnection): void {
    if (this.#fault === undefined) {
      super.handleReadyForQuery(connection);
    } else {
      this.handleError(this.#fault, connection);
    }
  }

  #prepared(name: string): Description | undefined {
    return this.#connection?.descriptions?.get(name);
  }
}
