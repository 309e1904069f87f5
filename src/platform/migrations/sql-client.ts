import type { QueryResultRow } from 'pg';

/** What this module needs of a `pg` Client, PoolClient or Pool. */
export interface SqlClient {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}
