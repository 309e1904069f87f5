import pg from 'pg';
import type { RequestResult } from './send.ts';
import type { Tenant } from './tenant.ts';

/** A write that the service acknowledged. Times are those of `performance.now()`. */
export interface AcknowledgedWrite {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

/** Of what became of a request, the write that it is; undefined where it is none, or was not acknowledged. */
export function writeOf({
  method,
  status,
  body,
  startedAt,
  endedAt,
}: RequestResult): AcknowledgedWrite | undefined {
  if (method !== 'POST' || status === undefined || status >= 300) {
    return undefined;
  }
  const {
    id,
    title,
    created_at: createdAt,
  } = JSON.parse(body) as Record<'id' | 'title' | 'created_at', string>;
  return { id, title, createdAt, sentAt: startedAt, acknowledgedAt: endedAt };
}

/** What became of acknowledged writes. */
export interface WriteFates {
  /** That are in the database, with what was acknowledged. */
  readonly sound: readonly AcknowledgedWrite[];
  readonly changed: readonly AcknowledgedWrite[];
  readonly lost: readonly AcknowledgedWrite[];
  /** Lost, though a write that was sent only after it was acknowledged is there: no prefix of history. */
  readonly holes: readonly AcknowledgedWrite[];
}

/** Compares every acknowledged write with the database, value by value. */
export async function lookUpWrites(
  dsn: string,
  { organizationId }: Tenant,
  writes: readonly AcknowledgedWrite[],
): Promise<WriteFates> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; title: string; createdAt: Date }>(
      `select id, title, created_at as "createdAt" from incidents where org_id = $1`,
      [organizationId],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const lost = writes.filter(({ id }) => !found.has(id));
    const sound = writes.filter(({ id, title, createdAt }) => {
      const row = found.get(id);
      return row?.title === title && row.createdAt.getTime() === Date.parse(createdAt);
    });
    const newest = Math.max(...sound.map(({ sentAt }) => sentAt));
    return {
      sound,
      lost,
      changed: writes.filter((write) => found.has(write.id) && !sound.includes(write)),
      holes: lost.filter(({ acknowledgedAt }) => acknowledgedAt < newest),
    };
  } finally {
    await client.end();
  }
}
