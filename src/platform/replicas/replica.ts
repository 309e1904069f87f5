import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { failureOf } from '../database/database-failures.ts';
import type { DatabaseProbe } from '../database/database-probe.ts';
import type { Batch } from '../database/send-batch.ts';
import type { StatementResult } from '../database/statement-batch.ts';
import { ApiError } from '../errors/api-error.ts';
import { type Lsn, parseLsn } from './lsn.ts';
import type { Position, PrimaryPosition } from './primary-position.ts';
import { Replay } from './replay.ts';
import type { ReplicaLife } from './replica-life.ts';

/** Why nothing is read from a replica: it is silent, shows what is older than a second, or is not known to follow the primary. */
export type ReplicaFault = 'no_answer' | 'behind' | 'not_following';

/** What is known of a replica now. */
export interface ReplicaState {
  /** In the order of the setting, from 1. */
  readonly number: number;
  /** Null where it is read from. */
  readonly fault: ReplicaFault | null;
  /** How long it takes until what is committed is shown, as it was looked at last; null where it is not known. */
  readonly lagSeconds: number | null;
}

export interface ReplicaOptions {
  readonly number: number;
  readonly probe: Pick<DatabaseProbe, 'query' | typeof Symbol.asyncDispose>;
  readonly primary: Pick<PrimaryPosition, 'leaveMark'>;
  /** Opens connections to the server that says it was started then. */
  readonly begin: (server: string) => ReplicaLife;
}

/** That it follows a primary: a mark is left there, and seen here. */
interface Proof {
  /** When that primary was started. */
  readonly of: string;
  readonly mark: string;
  isLeft: boolean;
  isSeen: boolean;
}

interface Answer {
  readonly isStandby: boolean;
  readonly lsn: string | null;
  readonly server: string;
}

const question = {
  name: 'replay',
  text: `select pg_is_in_recovery() as "isStandby", pg_last_wal_replay_lsn()::text as lsn,
           pg_postmaster_start_time()::text as server`,
};

/** Who calls is never decided by what is older. */
const freshMs = 1_000;

/** Between two questions while somebody waits for what the replica does not show yet. */
const askAgainMs = 1;

/** What a mark takes to get there. */
const markMs = 20;

/** One replica: whether it follows the primary, how far it has come, and the connections to it. */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #replay = new Replay();
  #life: ReplicaLife | undefined;
  #proof: Proof | undefined;
  /** `primary`: it has become the one that this service writes to. `stray`: it leads, and is not that one. */
  #role: 'standby' | 'primary' | 'stray' = 'standby';
  #asking: Promise<void> | undefined;
  #isFollowed = false;
  #isClosed = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  get state(): ReplicaState {
    const { number } = this.#options;
    const fault = this.#fault;
    const isKnown = fault === null || fault === 'behind';
    return {
      number,
      fault,
      lagSeconds: isKnown ? (this.#role === 'primary' ? 0 : this.#replay.lagMs / 1_000) : null,
    };
  }

  get #fault(): ReplicaFault | null {
    if (this.#life === undefined) {
      return 'no_answer';
    }
    if (this.#role === 'primary') {
      return null;
    }
    if (this.#proof?.isSeen !== true) {
      return 'not_following';
    }
    return this.#replay.ageMs < freshMs ? null : 'behind';
  }

  /** Whether what it shows is of this primary, and younger than a second. */
  isUsable(server: string): boolean {
    return this.#fault === null && this.#proof?.of === server;
  }

  get busy(): number {
    return this.#life?.busy ?? 0;
  }

  has(lsn: Lsn): boolean {
    return this.#role === 'primary' || this.#replay.lsn >= lsn;
  }

  /** Whether it shows that position within a moment. */
  async reach(lsn: Lsn): Promise<boolean> {
    if (this.has(lsn)) {
      return true;
    }
    const reached = this.#replay.reach(lsn);
    void this.#follow();
    return await reached;
  }

  /** Looks how it is, now that the primary had come so far; takes it, or drops it. Never rejects. */
  async look(position: Position | undefined): Promise<void> {
    if (position !== undefined && this.#proof?.of !== position.server) {
      this.#forget(position.server);
    }
    await this.#ask();
    if (position !== undefined && this.#proof?.of === position.server) {
      this.#replay.expect(position);
    }
    if (this.#proof !== undefined && !this.#proof.isSeen && this.#role === 'standby') {
      await this.#prove(this.#proof).catch(() => undefined);
    }
    void this.#follow();
  }

  /** Undefined where the primary is to be asked instead; rejects with faults of the statement. */
  async read(batch: Batch, isSlow: boolean): Promise<readonly StatementResult[] | undefined> {
    const life = this.#life;
    try {
      const results = await life?.send(batch, isSlow);
      // @NOTE one that stood still meanwhile may have answered as it was long ago.
      return this.#life === life && this.#fault === null ? results : undefined;
    } catch (error) {
      if (isOfReplica(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /** Another primary leads, or another server answers: whatever was known is of no use. */
  #forget(primary: string | undefined): void {
    this.#proof =
      primary === undefined ? undefined : { of: primary, mark: randomUUID(), isLeft: false, isSeen: false };
    this.#role = 'standby';
    this.#replay.forget();
  }

  /** Asks again and again while somebody waits for what it does not show yet. */
  async #follow(): Promise<void> {
    if (this.#isFollowed) {
      return;
    }
    this.#isFollowed = true;
    while (this.#replay.isAwaited && this.#life !== undefined) {
      await this.#ask();
      await delay(askAgainMs);
    }
    this.#isFollowed = false;
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askOnce(): Promise<void> {
    try {
      const { rows } = await this.#options.probe.query<Answer>(question);
      if (rows[0] !== undefined && !this.#isClosed) {
        this.#take(rows[0]);
      }
    } catch (error) {
      this.#drop(error as Error);
    }
  }

  #take({ isStandby, lsn, server }: Answer): void {
    if (this.#life?.server !== server) {
      this.#drop(new Error('the replica was started again'));
      this.#forget(this.#proof?.of);
      this.#life = this.#options.begin(server);
    }
    const role = isStandby ? 'standby' : server === this.#proof?.of ? 'primary' : 'stray';
    if (role === 'stray' && this.#role !== 'stray') {
      this.#forget(this.#proof?.of);
    }
    this.#role = role;
    if (role === 'standby') {
      this.#replay.advance(parseLsn(lsn ?? '') ?? 0n);
    }
  }

  /** @NOTE a position alone proves nothing: another history of the same cluster, or another cluster, has the same numbers. */
  async #prove(proof: Proof): Promise<void> {
    proof.isSeen = await this.#shows(proof);
    if (!proof.isSeen && !proof.isLeft) {
      proof.isLeft = (await this.#options.primary.leaveMark(proof.mark)) === proof.of;
      await delay(markMs);
      proof.isSeen = proof.isLeft && (await this.#shows(proof));
    }
  }

  async #shows({ mark }: Proof): Promise<boolean> {
    const { rows } = await this.#options.probe.query<{ isSeen: boolean }>({
      name: 'mark',
      text: 'select exists (select from replication_marks where mark = $1) as "isSeen"',
      values: [mark],
    });
    return rows[0]?.isSeen === true;
  }

  #drop(why: Error): void {
    const life = this.#life;
    this.#life = undefined;
    this.#replay.giveUp();
    life?.end(why).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#drop(new Error('the service is closing'));
    await this.#options.probe[Symbol.asyncDispose]();
  }
}

/** What is no fault of the statement: the replica is gone, full, or cancels it for what it has to replay. */
function isOfReplica(error: unknown): boolean {
  if (error instanceof ApiError) {
    return error.code === 'service.unavailable';
  }
  const failure = failureOf(error);
  return (
    failure !== undefined && (failure.kind !== 'took_too_long' || /recovery/.test((error as Error).message))
  );
}
