import type pg from 'pg';
import { prepare } from './prepared-statements.ts';
import { type NamedStatement, StatementBatch, type StatementResult } from './statement-batch.ts';

/** Statements that go to the server together. */
export interface Batch {
  /** The values of `scopeSettings`. */
  readonly scope: readonly string[];
  readonly statements: readonly NamedStatement[];
}

/**
 * Sends a batch on a connection, behind whatever it has been sent before; see `StatementBatch`. Rejects with the driver's error.
 * @NOTE what is not prepared yet is, ahead of the batch and without waiting.
 */
export function sendBatch(client: pg.ClientBase, batch: Batch): Promise<readonly StatementResult[]> {
  const preparations = batch.statements.flatMap((statement) => prepare(client, statement) ?? []);
  const results = new Promise<readonly StatementResult[]>((resolve, reject) => {
    const query = new StatementBatch(batch.scope, batch.statements, (error, given) =>
      error === null ? resolve(given) : reject(error),
    );
    client.query(query as unknown as pg.Submittable);
  });
  // @NOTE why a statement could not be prepared says more than that it is not there.
  return preparations.length === 0 ? results : Promise.all([...preparations, results]).then(() => results);
}
