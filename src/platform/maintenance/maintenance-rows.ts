import type pg from 'pg';

/** Maintenance that is on. */
export interface Maintenance {
  /** What clients are told. */
  readonly message: string;
  /** When it ends by itself, in RFC 3339; null where that is not planned. */
  readonly until: string | null;
  readonly startedAt: string;
  readonly startedBy: string;
  /** Until its end, by the database's clock; null where that is not planned. */
  readonly secondsLeft: number | null;
}

/** What runs statements: a pool, a client, the probe of the database. */
export interface Sender {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
}

const rfc3339 = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The maintenance that is on; undefined where none is. Throws the driver's error. */
export async function currentMaintenance(sender: Sender): Promise<Maintenance | undefined> {
  const { rows } = await sender.query<Maintenance>(
    `select message, ${rfc3339('until')} as until, ${rfc3339('started_at')} as "startedAt", started_by as "startedBy",
            extract(epoch from until - clock_timestamp())::float8 as "secondsLeft"
     from maintenance where until is null or until > clock_timestamp()`,
  );
  return rows[0];
}

/** What maintenance is to be. */
export interface MaintenanceOrder {
  readonly message: string;
  /** RFC 3339; null where its end is not planned. */
  readonly until: string | null;
}

/** Puts the row there, or changes it; maintenance that is on already keeps its beginning. */
export async function putMaintenance(sender: Sender, order: MaintenanceOrder, actor: string): Promise<void> {
  await sender.query('delete from maintenance where until <= clock_timestamp()');
  await sender.query(
    `insert into maintenance (message, until, started_by) values ($1, $2, $3)
     on conflict (is_one) do update set message = excluded.message, until = excluded.until`,
    [order.message, order.until, actor],
  );
}

/** Takes the row away. */
export async function deleteMaintenance(sender: Sender): Promise<void> {
  await sender.query('delete from maintenance');
}
