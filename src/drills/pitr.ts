import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { stopRestored } from '../operations/pitr/index.ts';
import { atAddress } from '../platform/database/dsn.ts';
import { freePort } from '../platform/system/free-port.ts';
import type { Drill, Figure } from './drill.ts';
import { type ArchivedPostgres, startArchivedPostgres } from './harness/archived-postgres.ts';
import { type Markers, readMarkers, startMarkers } from './harness/markers.ts';

/** A moment to go back to, and what must be there then. */
interface Moment {
  readonly name: string;
  /** Of `brownie restore`: `time 2025-…`. */
  readonly target: readonly [type: 'time' | 'lsn', at: string];
  readonly mustBeThere: ReadonlySet<number>;
  readonly mustNotBeThere: ReadonlySet<number>;
}

/** Back to a time, to a place in the log and to just before a table was dropped, each beside the live server. */
export const pitr: Drill = {
  name: 'pitr',
  shows:
    'A cluster goes back to a moment: every row that was committed before is there, and none that was committed later.',
  programs: ['postgres', 'initdb', 'pg_ctl', 'pg_isready', 'pgbackrest'],
  run: async ({ directory, isFull, say }) => {
    await using archived = await startArchivedPostgres(directory, { track_commit_timestamp: 'on' });
    const dsn = archived.database.superuserDsn;
    const seconds = isFull ? 30 : 3;
    const markers = await startMarkers(dsn);
    await archived.brownie(['backup', 'pitr', 'full']);
    await delay(seconds * 1_000);
    const byTime = await aMoment(dsn);
    await delay(seconds * 1_000);
    const byLsn = await aPlace(dsn, markers);
    await delay(seconds * 1_000);
    await markers.stop();
    const commits = await commitTimes(dsn);
    const beforeDrop = await aMoment(dsn);
    await query(dsn, 'drop table drill_markers');
    await query(dsn, 'select pg_switch_wal()');
    await archived.brownie(['backup', 'pitr', 'check']).catch(() => undefined);

    const moments: Moment[] = [
      { name: 'a time', target: ['time', byTime], ...splitAt(commits, byTime) },
      { ...byLsn, mustNotBeThere: new Set([...commits.keys()].filter((id) => byLsn.isLater(id))) },
      { name: 'just before a drop table', target: ['time', beforeDrop], ...splitAt(commits, beforeDrop) },
    ];
    const figures: Figure[] = [{ name: 'rows written', value: commits.size, unit: 'rows', atLeast: 100 }];
    for (const [index, moment] of moments.entries()) {
      figures.push(...(await goBack(archived, moment, join(directory, `restored-${index}`), say)));
    }
    return figures;
  },
};

async function goBack(
  { database, brownie }: ArchivedPostgres,
  { name, target, mustBeThere, mustNotBeThere }: Moment,
  into: string,
  say: (line: string) => void,
): Promise<Figure[]> {
  const port = await freePort();
  const startedAt = performance.now();
  try {
    await brownie(['restore', ...target, '--into', into, '--start', '--port', String(port), '--no-verify']);
    const seconds = (performance.now() - startedAt) / 1000;
    const there = await readMarkers(atAddress(database.superuserDsn, '127.0.0.1', port));
    say(`${name}: ${there.size} rows after ${seconds.toFixed(1)} s`);
    return [
      { name: `${name}: rows committed before`, value: mustBeThere.size, unit: 'rows', atLeast: 10 },
      {
        name: `${name}: of them missing`,
        value: [...mustBeThere].filter((id) => !there.has(id)).length,
        unit: 'rows',
        atMost: 0,
      },
      {
        name: `${name}: rows of later`,
        value: [...there].filter((id) => mustNotBeThere.has(id)).length,
        unit: 'rows',
        atMost: 0,
      },
      { name: `${name}: until it took writes`, value: seconds, unit: 's', atMost: 120 },
    ];
  } finally {
    await stopRestored(into);
  }
}

async function query<Row extends pg.QueryResultRow>(dsn: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Now, by the clock of the server, to the microsecond. */
async function aMoment(dsn: string): Promise<string> {
  const [row] = await query<{ now: string }>(
    dsn,
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
  );
  return row?.now ?? '';
}

/** A place in the log. Rows that were acknowledged before it was read are before it, rows that were sent later are not. */
async function aPlace(dsn: string, { written }: Markers) {
  const before = new Set(written.map(({ id }) => id));
  const [row] = await query<{ lsn: string }>(dsn, 'select pg_current_wal_insert_lsn()::text as lsn');
  const readAt = performance.now();
  return {
    name: 'a place in the log',
    target: ['lsn', row?.lsn ?? ''] as const,
    mustBeThere: before,
    isLater: (id: number): boolean => (written.find((marker) => marker.id === id)?.sentAt ?? 0) > readAt,
  };
}

/** When each row was committed: ISO 8601 in microseconds, which sorts as text. */
async function commitTimes(dsn: string): Promise<ReadonlyMap<number, string>> {
  const rows = await query<{ id: string; at: string }>(
    dsn,
    `select id, to_char(pg_xact_commit_timestamp(xmin) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
     from drill_markers`,
  );
  return new Map(rows.map(({ id, at }) => [Number(id), at]));
}

function splitAt(commits: ReadonlyMap<number, string>, moment: string) {
  const ids = (isWanted: (at: string) => boolean): Set<number> =>
    new Set([...commits].flatMap(([id, at]) => (isWanted(at) ? [id] : [])));
  return { mustBeThere: ids((at) => at <= moment), mustNotBeThere: ids((at) => at > moment) };
}
