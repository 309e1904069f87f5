import type pg from 'pg';

/** Why a server takes no writes: it follows another one, or it has been set so. */
export type WriteObstacle = 'standby' | 'read_only';

const words: Readonly<Record<WriteObstacle, string>> = {
  standby: 'it is a standby',
  read_only: 'it is set to read only',
};

/** Thrown of a server that answers, and takes no writes. It may: a standby is promoted, a primary takes its address. */
export class NotWritableError extends Error {
  override readonly name = 'NotWritableError';
  readonly obstacle: WriteObstacle;

  constructor(obstacle: WriteObstacle) {
    super(`The database takes no writes: ${words[obstacle]}`);
    this.obstacle = obstacle;
  }
}

/** What says it; a standby is read only, too. */
const question = `select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only') = 'on' as "isReadOnly"`;

interface Answer {
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
}

/** What runs a statement: a client, the probe of the database. */
interface Sender {
  query<Row extends pg.QueryResultRow>(text: string): Promise<{ readonly rows: Row[] }>;
}

/** Throws NotWritableError where the server takes no writes, and the driver's error where it does not answer. */
export async function requireWritable(sender: Sender): Promise<void> {
  const { rows } = await sender.query<Answer>(question);
  if (rows[0]?.isStandby === true) {
    throw new NotWritableError('standby');
  }
  if (rows[0]?.isReadOnly === true) {
    throw new NotWritableError('read_only');
  }
}
