import { DatabaseProbe } from '../database/database-probe.ts';
import type { DatabaseTls } from '../database/database-tls.ts';
import type { ReadServers } from '../database/read-servers.ts';
import type { Batch } from '../database/send-batch.ts';
import type { StatementResult } from '../database/statement-batch.ts';
import { formatLsn, type Lsn, parseLsn } from './lsn.ts';
import { PrimaryPosition } from './primary-position.ts';
import { Replica, type ReplicaState } from './replica.ts';
import { ReplicaLife, type ReplicaLifeOptions } from './replica-life.ts';

/** What the request at hand wants of a read. */
export interface ReadWish {
  /** The position that it carries, as it came: what is behind that it does not want to see. Without one it wants what is newest. */
  readonly after: string | undefined;
}

export interface ReplicasOptions {
  readonly primary: DatabaseTls;
  /** Each for one server. */
  readonly replicas: readonly DatabaseTls[];
  readonly pool: ReplicaLifeOptions['pool'];
  /** Undefined where the request at hand changes something, or there is none: that reads at the primary. */
  readonly wish: () => ReadWish | undefined;
  /** Told where each read took place. */
  readonly onRead?: (where: 'replica' | 'primary') => void;
  /** Told of a replica that is taken, or dropped. */
  readonly onChange?: (state: ReplicaState) => void;
  readonly onRetry?: (why: string) => void;
}

const lookEveryMs = 200;

/**
 * The replicas of the database, for reads. What is acknowledged is seen by whoever reads afterwards, at any instance: before a read the primary
 * is asked how far it has come, once for all who read at that moment, and it takes place where as much is shown. Who brings
 * the position of their last change with them spares that question.
 */
export class Replicas implements ReadServers, AsyncDisposable {
  readonly #options: ReplicasOptions;
  readonly #probe: DatabaseProbe;
  readonly #position: PrimaryPosition;
  readonly #replicas: readonly Replica[];
  /** The server that was the primary when it was asked last. */
  #server = '';
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: ReplicasOptions) {
    const { primary, replicas, pool, onRetry } = options;
    this.#options = options;
    this.#probe = new DatabaseProbe(primary.dsn, primary, 'brownie-metadata-reads');
    this.#position = new PrimaryPosition(this.#probe);
    this.#replicas = replicas.map(
      (tls, index) =>
        new Replica({
          number: index + 1,
          probe: new DatabaseProbe(tls.dsn, tls),
          primary: this.#position,
          begin: (server) => new ReplicaLife({ server, tls, pool, onRetry }),
        }),
    );
  }

  get states(): readonly ReplicaState[] {
    return this.#replicas.map(({ state }) => state);
  }

  /** Resolves once each was looked at for the first time. */
  async start(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => this.#follow(replica)));
  }

  /** The position of the primary, for whoever has changed something; undefined where it does not answer. */
  async position(): Promise<string | undefined> {
    const position = await this.#position.ask().catch(() => undefined);
    return position && formatLsn(position.lsn);
  }

  async read(batch: Batch, isSlow: boolean): Promise<readonly StatementResult[] | undefined> {
    const wish = this.#options.wish();
    if (wish === undefined) {
      return undefined;
    }
    const replica = await this.#choose(wish);
    const results = await replica?.read(batch, isSlow);
    this.#options.onRead?.(results === undefined ? 'primary' : 'replica');
    return results;
  }

  async #choose({ after }: ReadWish): Promise<Replica | undefined> {
    if (!this.#replicas.some((each) => each.isUsable(this.#server))) {
      return undefined;
    }
    const wanted = after === undefined ? undefined : parseLsn(after);
    const lsn = wanted ?? (await this.#newest());
    if (lsn === undefined) {
      return undefined;
    }
    const usable = this.#replicas.filter((each) => each.isUsable(this.#server));
    return leastBusy(usable.filter((each) => each.has(lsn))) ?? (await firstToReach(usable, lsn));
  }

  async #newest(): Promise<Lsn | undefined> {
    const position = await this.#position.ask().catch(() => undefined);
    if (position !== undefined) {
      this.#server = position.server;
    }
    return position?.lsn;
  }

  /** @NOTE each at its own pace: one that is silent must not keep the others from being looked at. */
  async #follow(replica: Replica, told?: ReplicaState['fault']): Promise<void> {
    const position = await this.#position.ask().catch(() => undefined);
    this.#server = position?.server ?? this.#server;
    await replica.look(position);
    if (this.#isClosed) {
      return;
    }
    const { state } = replica;
    if (state.fault !== told) {
      this.#options.onChange?.(state);
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#follow(replica, state.fault);
    }, lookEveryMs);
    this.#timers.add(timer.unref());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    await Promise.all([this.#probe, ...this.#replicas].map((each) => each[Symbol.asyncDispose]()));
  }
}

const leastBusy = (replicas: readonly Replica[]): Replica | undefined =>
  replicas.reduce<Replica | undefined>(
    (best, each) => (best === undefined || each.busy < best.busy ? each : best),
    undefined,
  );

async function firstToReach(replicas: readonly Replica[], lsn: Lsn): Promise<Replica | undefined> {
  const reaching = replicas.map(async (replica) =>
    (await replica.reach(lsn)) ? replica : Promise.reject(new Error('it is behind')),
  );
  return await Promise.any(reaching).catch(() => undefined);
}
