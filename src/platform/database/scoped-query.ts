import pg from 'pg';
import { scopeSettings, scopeStatement, scopeValues } from './scope.ts';

/** The part of pg's connection that a query writes to. Its typings leave these methods out. */
interface WireConnection {
  bind(message: { statement: string; portal: string; values: readonly string[]; binary: false }): void;
  execute(message: { portal: string; rows: undefined }): void;
}

interface WireQuery {
  name: string | undefined;
  submit(connection: WireConnection): Error | null;
  prepare(connection: WireConnection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
}

const Query = pg.Query as unknown as new (
  config: object,
  values: undefined,
  callback: (error: Error | null, result: pg.QueryResult) => void,
) => WireQuery;

/** Parses the scope's statement on a new connection, so that a `ScopedQuery` there only binds it. */
export async function prepareScope(client: pg.ClientBase): Promise<void> {
  await client.query({ name: scopeStatement, text: scopeSettings, values: [...scopeValues({}, undefined)] });
}

/**
 * One statement in its tenant scope (given as the values of `scopeSettings`), in one round trip: Bind(set_config …), Bind(statement), one Sync. Everything up
 * to the Sync is one implicit transaction, so the settings are gone when the statement is done (PostgreSQL manual,
 * 53.2.4 "Pipelining").
 */
export class ScopedQuery extends Query {
  readonly #scopeValues: readonly string[];
  #scopeIsSet = false;

  constructor(
    scope: readonly string[],
    statement: { text: string; values: readonly unknown[]; name?: string },
    callback: (error: Error | null, result: pg.QueryResult) => void,
  ) {
    super({ ...statement, queryMode: 'extended' }, undefined, callback);
    this.#scopeValues = scope;
  }

  override prepare(connection: WireConnection): void {
    connection.bind({
      statement: scopeStatement,
      portal: '',
      values: this.#scopeValues,
      binary: false,
    });
    connection.execute({ portal: '', rows: undefined });
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.#scopeIsSet) {
      super.handleDataRow(message);
    }
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    if (this.#scopeIsSet) {
      super.handleCommandComplete(message, connection);
    }
    this.#scopeIsSet = true;
  }
}
