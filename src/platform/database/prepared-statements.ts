import type pg from 'pg';
import { type Description, descriptionOf } from './description.ts';
import { scopeSettings, scopeStatement } from './scope.ts';
import { Query, type WireConnection, wireOf } from './wire.ts';

const none: Description = { names: [], parsers: [] };

/** Parses a statement under its name where the connection has not, and asks once for what it gives: Parse, Describe, Sync. */
class Preparation extends Query {
  #connection: WireConnection | undefined;

  override submit(connection: WireConnection): Error | null {
    this.#connection = connection;
    connection.descriptions ??= new Map();
    connection.descriptions.set(this.name ?? '', none);
    return super.submit(connection);
  }

  override prepare(connection: WireConnection): void {
    if (!this.hasBeenParsed(connection)) {
      connection.parse({ name: this.name ?? '', text: this.text });
      connection.submittedNamedStatements[this.name ?? ''] = this.text;
    }
    connection.describe({ type: 'S', name: this.name ?? '' });
    connection.sync();
  }

  override handleRowDescription({ fields }: { fields: readonly pg.FieldDef[] }): void {
    this.#connection?.descriptions?.set(this.name ?? '', descriptionOf(fields));
  }

  override handleError(error: Error, connection: WireConnection): void {
    connection.descriptions?.delete(this.name ?? '');
    super.handleError(error, connection);
  }
}

/** Prepares a statement on a connection where that has not been done; undefined where it has. Rejects with the driver's error. */
export function prepare(
  client: pg.ClientBase,
  { name, text }: { readonly name: string | undefined; readonly text: string },
): Promise<void> | undefined {
  if (name === undefined || wireOf(client).descriptions?.has(name)) {
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const preparation = new Preparation({ name, text }, undefined, (error) =>
      error === null ? resolve() : reject(error),
    );
    client.query(preparation as unknown as pg.Submittable);
  });
}

/** Prepares the scope's statement on a new connection, so that a batch there only binds it. */
export async function prepareScope(client: pg.ClientBase): Promise<void> {
  await prepare(client, { name: scopeStatement, text: scopeSettings });
}

/**
 * Leaves the transaction, where there is one, and forgets every statement that the connection has prepared, and what functions of the database
 * have: triggers keep the types of columns that they name.
 */
export async function forgetStatements(client: pg.ClientBase): Promise<void> {
  await client.query('rollback; deallocate all; discard plans');
  const connection = wireOf(client);
  connection.parsedStatements = {};
  connection.descriptions = new Map();
  await prepareScope(client);
}
