import { parseSnapshot, type Snapshot } from '../../database/snapshot.ts';
import { sql } from '../../database/sql.ts';

/** When something was read from the database: from which one, and what it saw. */
export interface Moment {
  /** Another one after a restore (the epoch of credentials) and a failover (the timeline): numbers stand for other transactions then. */
  readonly generation: string;
  readonly snapshot: Snapshot;
}

/** Columns of a statement that say when it read. @NOTE they fail on a standby: nothing that is remembered comes from one. */
export const momentColumns = sql`pg_current_snapshot()::text as snapshot,
  (select epoch from credential_epoch) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as generation`;

/** Throws where it is none. */
export const momentOf = ({
  generation,
  snapshot,
}: {
  readonly generation: string;
  readonly snapshot: string;
}): Moment => ({ generation, snapshot: parseSnapshot(snapshot) });

/** What a look into the log of changes of access gave. */
export interface AccessReading {
  readonly moment: Moment;
  /** Whose access changed since the snapshot that was asked about. */
  readonly userIds: readonly string[];
  /** By the clock of the database, since 1970. */
  readonly databaseMs: number;
}

interface ReadingRow {
  readonly generation: string;
  readonly snapshot: string;
  readonly user_ids: readonly string[];
  readonly database_ms: number;
}

/** Sends a statement without values; rejects where it is not answered in time. */
export type Ask = (text: string) => Promise<{ readonly rows: readonly object[] }>;

/**
 * Looks into the log: migrations/0049-access-changes.sql. Whatever it saw the last time it does not tell again, and whatever was committed since it does: by what
 * snapshots see, not by numbers or times, whose order is not that of commits.
 */
export async function readAccessLog(ask: Ask, since: Snapshot | undefined): Promise<AccessReading> {
  const isNew =
    since === undefined
      ? 'false'
      : `xid >= pg_snapshot_xmin('${since.text}') and not pg_visible_in_snapshot(xid, '${since.text}')`;
  const { rows } = await ask(
    `select ${momentColumns.text}, extract(epoch from clock_timestamp())::float8 * 1000 as database_ms,
       array(select distinct user_id::text from access_changes where ${isNew}) as user_ids`,
  );
  const [row] = rows as readonly ReadingRow[];
  if (row === undefined) {
    throw new Error('the log of changes of access gives no row');
  }
  return { moment: momentOf(row), userIds: row.user_ids, databaseMs: row.database_ms };
}
