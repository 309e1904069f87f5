import type { Static, TSchema } from 'typebox';
import type { Sql } from './sql.ts';
import type { StatementResult } from './statement-batch.ts';

/** Compares a row with the schema it is read as; see `row-check.ts`. */
export type RowCheck = (schema: TSchema, row: unknown, statement: string) => void;

/** What looks on as statements go by. */
export interface QueryObserver {
  readonly checkRow?: RowCheck | undefined;
  /** Told of each statement's text, without its values. */
  readonly onStatement?: ((text: string) => void) | undefined;
  /** Stands around each round trip, transaction control included; the text is without values. */
  readonly roundTrip?: RoundTrip | undefined;
}

type RoundTrip = <Result>(text: string, send: () => Promise<Result>) => Promise<Result>;

const direct: RoundTrip = (_text, send) => send();

/** What to send statements through: `QueryObserver.roundTrip`, where there is one. */
export const roundTripOf = ({ roundTrip = direct }: QueryObserver): RoundTrip => roundTrip;

/**
 * Something that statements can be sent to: a tenant or a transaction.
 * Rows have the shape of a schema: columns are selected under the names of the API, so that a row needs no mapping.
 */
export abstract class Queryable {
  readonly #queryObserver: QueryObserver;

  constructor(queryObserver: QueryObserver) {
    this.#queryObserver = queryObserver;
  }

  protected abstract send(statement: Sql): Promise<Pick<StatementResult, 'rows' | 'rowCount'>>;

  /** All rows. */
  async many<Row extends TSchema>(row: Row, statement: Sql): Promise<Static<Row>[]> {
    const { checkRow, onStatement } = this.#queryObserver;
    onStatement?.(statement.text);
    const { rows } = await this.send(statement);
    if (checkRow !== undefined) {
      for (const each of rows) {
        checkRow(row, each, statement.text);
      }
    }
    return rows as Static<Row>[];
  }

  /** The first row, or undefined where there is none. */
  async maybe<Row extends TSchema>(row: Row, statement: Sql): Promise<Static<Row> | undefined> {
    return (await this.many(row, statement))[0];
  }

  /** The one row. Throws where there is none. */
  async one<Row extends TSchema>(row: Row, statement: Sql): Promise<Static<Row>> {
    const found = await this.maybe(row, statement);
    if (found === undefined) {
      throw new Error(`no row where one must be: ${statement.text}`);
    }
    return found;
  }

  /** The number of rows that the statement touched. */
  async run(statement: Sql): Promise<number> {
    this.#queryObserver.onStatement?.(statement.text);
    return (await this.send(statement)).rowCount ?? 0;
  }
}
