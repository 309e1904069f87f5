import { setTimeout as delay } from 'node:timers/promises';
import { type Lsn, parseLsn } from './lsn.ts';

/** How far a primary had come, and which server that is. */
export interface Position {
  readonly lsn: Lsn;
  /** When it was started, to the microsecond: no other server, and no earlier life of this one, has the same. */
  readonly server: string;
  /** When it was asked; of `performance.now()`. */
  readonly askedAt: number;
}

/** What runs a statement on the primary; see `DatabaseProbe`. */
export interface PrimarySession {
  query<Row extends object>(statement: {
    readonly name: string;
    readonly text: string;
    readonly values?: unknown[];
  }): Promise<{ readonly rows: Row[] }>;
}

interface Answer {
  readonly lsn: string;
  readonly server: string;
}

/** Whatever was acknowledged by then is not behind it. @NOTE without synchronous_commit that may not have been flushed. */
const question = {
  name: 'position',
  text: `select (case current_setting('synchronous_commit')
                 when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end)::text as lsn,
           pg_postmaster_start_time()::text as server`,
};

/** Between two questions: whoever comes meanwhile shares the next. */
const intervalMs = 2;

/** Asks the primary how far it has come: one question for all who want to know at the same time. */
export class PrimaryPosition {
  readonly #session: PrimarySession;
  #next: Promise<Position> | undefined;
  /** Settles when the next question may be sent; never rejects. */
  #free: Promise<unknown> = Promise.resolve();

  constructor(session: PrimarySession) {
    this.#session = session;
  }

  /** A position that the primary has after this was called. Rejects where it does not answer, or follows another server itself. */
  ask(): Promise<Position> {
    this.#next ??= this.#askNext();
    return this.#next;
  }

  async #askNext(): Promise<Position> {
    await this.#free;
    // @NOTE who comes from here on may have seen what is committed after the answer.
    this.#next = undefined;
    const answer = this.#ask();
    this.#free = Promise.all([answer.catch(() => undefined), delay(intervalMs)]);
    return await answer;
  }

  async #ask(): Promise<Position> {
    const askedAt = performance.now();
    const { rows } = await this.#session.query<Answer>(question);
    const lsn = parseLsn(rows[0]?.lsn ?? '');
    if (rows[0] === undefined || lsn === undefined) {
      throw new Error('the primary has no position');
    }
    return { lsn, server: rows[0].server, askedAt };
  }

  /** Leaves a mark of this name, by which it is known who follows; answers which server has it. */
  async leaveMark(mark: string): Promise<string> {
    const { rows } = await this.#session.query<Pick<Answer, 'server'>>({
      name: 'leave-mark',
      text: `with old as (delete from replication_marks where made_at < now() - interval '1 hour')
             insert into replication_marks (mark) values ($1) returning pg_postmaster_start_time()::text as server`,
      values: [mark],
    });
    return rows[0]?.server ?? '';
  }
}
