import type { TSchema } from 'typebox';
import { Queryable, type QueryObserver, roundTripOf } from './queryable.ts';
import { type Scope, scopeValues } from './scope.ts';
import type { Batch } from './send-batch.ts';
import type { Sql } from './sql.ts';
import type { StatementResult } from './statement-batch.ts';
import type { StatementNames } from './statement-names.ts';

/**
 * A question that goes ahead of the statements of a request, in the same round trip: who is it that calls. Nobody is given their rows
 * where the answer is no.
 */
export interface Admission {
  /** Whose rows the question is about. */
  readonly userId: string;
  readonly isSettled: boolean;
  readonly statement: Sql;
  /** The shape of the statement's rows. */
  readonly row: TSchema;
  /** Takes the answer. Throws the error to answer with where it is no. */
  settle(rows: readonly unknown[]): void;
}

export interface ScopedStatementsOptions {
  readonly scope: Scope;
  readonly admission: Admission | undefined;
  readonly send: (batch: Batch) => Promise<readonly StatementResult[]>;
  readonly names: StatementNames;
  /** Of the request that they are part of. */
  readonly requestId: string | undefined;
  readonly queryObserver: QueryObserver;
}

interface Waiting {
  readonly statement: Sql;
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Statements in one scope. Those of one turn of the event loop leave together, as one transaction. */
export class ScopedStatements extends Queryable {
  readonly #options: ScopedStatementsOptions;
  #waiting: Waiting[] = [];

  constructor(options: ScopedStatementsOptions) {
    super(options.queryObserver);
    this.#options = options;
  }

  protected override send(statement: Sql): Promise<StatementResult> {
    return roundTripOf(this.#options.queryObserver)(statement.text, () => this.#queue(statement));
  }

  #queue(statement: Sql): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ statement, resolve, reject }) === 1) {
        queueMicrotask(() => void this.#sendWaiting());
      }
    });
  }

  /** Never rejects: those who wait do. */
  async #sendWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const results = await this.#sendAdmitted(waiting.map(({ statement }) => statement));
      for (const [index, { resolve }] of waiting.entries()) {
        resolve(results[index] as StatementResult);
      }
    } catch (error) {
      for (const { reject } of waiting) {
        reject(error);
      }
    }
  }

  async #sendAdmitted(statements: readonly Sql[]): Promise<readonly StatementResult[]> {
    const { scope, admission, queryObserver } = this.#options;
    if (admission === undefined) {
      return await this.#sendAll(scope, statements);
    }
    if (admission.isSettled) {
      // @NOTE in the scope that it would be asked in: what is read does not depend on whether it was known.
      return await this.#sendAll({ ...scope, userId: admission.userId }, statements);
    }
    const { statement, row, userId } = admission;
    queryObserver.onStatement?.(statement.text);
    const all = this.#sendAll({ ...scope, userId }, [statement, ...statements]);
    const { rows } = await roundTripOf(queryObserver)(
      statement.text,
      async () => (await all)[0] as StatementResult,
    );
    for (const each of rows) {
      queryObserver.checkRow?.(row, each, statement.text);
    }
    admission.settle(rows);
    return (await all).slice(1);
  }

  #sendAll(scope: Scope, statements: readonly Sql[]): Promise<readonly StatementResult[]> {
    const { send, names, requestId } = this.#options;
    return send({
      scope: scopeValues(scope, requestId),
      statements: statements.map(({ text, values }) => ({ text, values, name: names.nameOf(text) })),
    });
  }
}
