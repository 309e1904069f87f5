import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** A row that was written. */
export interface Marker {
  readonly id: number;
  /** When its commit was sent and acknowledged, by `performance.now()`. */
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

/** Writers that commit a row each, side by side, and remember which. */
export interface Markers {
  readonly written: readonly Marker[];
  /** Resolves once every commit has ended. */
  stop(): Promise<void>;
}

const writers = 4;

/** Makes the table `drill_markers` and writes to it. */
export async function startMarkers(dsn: string): Promise<Markers> {
  const clients = Array.from({ length: writers }, () => new pg.Client({ connectionString: dsn }));
  await Promise.all(clients.map((client) => client.connect()));
  await clients[0]?.query('create table drill_markers (id bigint primary key)');
  const written: Marker[] = [];
  let [next, isStopping] = [0, false];
  const work = clients.map(async (client) => {
    while (!isStopping) {
      next += 1;
      const [id, sentAt] = [next, performance.now()];
      await client.query('insert into drill_markers (id) values ($1)', [id]);
      written.push({ id, sentAt, acknowledgedAt: performance.now() });
      await delay(5);
    }
    await client.end();
  });
  return {
    written,
    async stop() {
      isStopping = true;
      await Promise.all(work);
    },
  };
}

/** The markers of a database. Rejects where there is no such table. */
export async function readMarkers(dsn: string): Promise<Set<number>> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('select id from drill_markers');
    return new Set(rows.map(({ id }) => Number(id)));
  } finally {
    await client.end();
  }
}
