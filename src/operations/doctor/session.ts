import type pg from 'pg';
import { DatabaseTls } from '../../platform/database/database-tls.ts';
import { dsnAddress, readDsn } from '../../platform/database/dsn.ts';

/** A connection to look through. It changes nothing. */
export interface Session extends AsyncDisposable {
  /** `db.example.com:5432/brownie`: no user, no password. */
  readonly place: string;
  /** Runs statements one after the other, whoever asks. */
  readonly sender: Pick<pg.ClientBase, 'query'>;
  /** Whether transactions of this login may only read, as the server is set; ours do in any case. */
  readonly isReadOnly: boolean;
  rows<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** The first row. Rejects where there is none. */
  row<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row>;
}

export const connectTimeoutMs = 4_000;

/** Connects as the service would. Throws CertificateFilesError, or the driver's error. */
export async function openSession(dsn: string): Promise<Session> {
  const tls = new DatabaseTls(dsn);
  const client = new tls.Client({
    connectionString: tls.dsn,
    application_name: 'brownie-doctor',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: 4_000,
    lock_timeout: 1_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  const { rows: before } = await client.query<{ setting: string }>(
    `select current_setting('default_transaction_read_only') as setting`,
  );
  // @NOTE what is looked at must not be changed by looking at it, by a mistake of ours either.
  await client.query('set default_transaction_read_only = on');
  const sender = inTurn(client);
  const rows: Session['rows'] = async <Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ) => (await sender.query<Row>(sql, [...values])).rows;
  return {
    place: placeOf(dsn),
    sender,
    isReadOnly: before[0]?.setting === 'on',
    rows,
    async row<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) {
      const [first] = await rows<Row>(sql, values);
      if (first === undefined) {
        throw new Error('the database gave no row where there is always one');
      }
      return first;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** @NOTE a client of pg has a queue of its own, and warns of everybody who relies on it. */
function inTurn(client: pg.Client): Pick<pg.ClientBase, 'query'> {
  let last: Promise<unknown> = Promise.resolve();
  const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    const next = last.then(() => client.query(text, values));
    last = next.catch(() => undefined);
    return next;
  };
  return { query: query as pg.ClientBase['query'] };
}

/** Where a DSN leads, without user and password. */
export function placeOf(dsn: string): string {
  const { database } = readDsn(dsn);
  return `${dsnAddress(dsn, 5432)}${database === undefined ? '' : `/${database}`}`;
}
