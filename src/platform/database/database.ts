import pg from 'pg';
import { type ConnectionObserver, Connections } from './connections.ts';
import { type ConstraintErrors, spoilsConnection, translate } from './database-errors.ts';
import { withFreshPlans } from './outdated-plans.ts';
import { type Queryable, type QueryObserver, roundTripOf } from './queryable.ts';
import type { ReadServers } from './read-servers.ts';
import { type Scope, scopeValues, type TenantScope } from './scope.ts';
import { type Admission, ScopedStatements } from './scoped-statements.ts';
import { type Batch, sendBatch } from './send-batch.ts';
import { SharedConnections } from './shared-connections.ts';
import { Shares } from './shares.ts';
import type { StatementResult } from './statement-batch.ts';
import { StatementNames } from './statement-names.ts';
import { Transaction } from './transaction.ts';
import { gather } from './wire.ts';
import { WritePatience } from './write-patience.ts';

export interface DatabaseOptions {
  readonly pool: pg.Pool;
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing?: boolean;
  /** Each feature's constraints and the errors they mean. */
  readonly constraints?: ConstraintErrors;
  readonly queryObserver?: QueryObserver;
  /** The id of the request at hand: statements carry it into PostgreSQL's log. */
  readonly requestId?: () => string | undefined;
  /** Servers beside the primary that answer reads, where there are any. */
  readonly readServers?: ReadServers | undefined;
  /** Told what connections cost, and what changes were recorded. */
  readonly observer?: DatabaseObserver;
}

export interface DatabaseObserver extends ConnectionObserver {
  readonly changeRecorded: (action: string) => void;
}

/** The database as the service sees it: only ever through a scope. */
export class Database {
  readonly #connections: Connections;
  readonly #shared: SharedConnections;
  readonly #readServers: ReadServers | undefined;
  readonly #slowReads: Shares;
  readonly #constraints: ConstraintErrors;
  readonly #queryObserver: QueryObserver;
  readonly #names = new StatementNames();
  readonly #observer: DatabaseObserver | undefined;
  readonly #requestId: () => string | undefined;
  readonly #patience: WritePatience;

  constructor(options: DatabaseOptions) {
    const { pool, prePing = false, observer } = options;
    this.#observer = observer;
    this.#connections = new Connections({ pool, prePing, ...(observer === undefined ? {} : { observer }) });
    this.#shared = new SharedConnections({ connections: this.#connections, onRetry: observer?.retried });
    this.#readServers = options.readServers;
    const timeoutMs = pool.options.connectionTimeoutMillis ?? 0;
    this.#patience = new WritePatience({ timeoutMs, onWait: observer?.retried });
    const most = pool.options.max;
    this.#slowReads = new Shares({
      ofAll: share(most, 2),
      ofTenant: share(most, 4),
      ofCaller: share(most, 10),
    });
    this.#constraints = options.constraints ?? {};
    this.#requestId = options.requestId ?? (() => undefined);
    this.#queryObserver = options.queryObserver ?? {};
  }

  /**
   * Statements in this scope, on a connection of their own: those that are sent in one turn are one transaction and one round
   * trip, at the primary. Their rows are given out once the admission, where there is one, has been settled.
   */
  within(scope: Scope, admission?: Admission): Queryable {
    return this.#statements(scope, admission, (batch) => this.#lend((client) => sendBatch(client, batch)));
  }

  /** As `within`, on connections that look-ups share: for what is quick, by key or a short list. */
  lookUp(scope: Scope, admission?: Admission): Queryable {
    return this.#statements(scope, admission, (batch) =>
      this.#read(batch, false, () => this.#translated(() => this.#shared.send(batch))),
    );
  }

  /** `lookUp`; of what may take its time no more at once than is the tenant's and the caller's share, on connections of its own. */
  read(
    scope: TenantScope,
    isSlow: boolean,
    who: Pick<Admission, 'userId'>,
    admission?: Admission,
  ): Queryable {
    if (!isSlow) {
      return this.lookUp(scope, admission);
    }
    const sharer = { tenant: scope.orgId, caller: who.userId };
    return this.#statements(scope, admission, (batch) =>
      this.#slowReads.run(sharer, () =>
        this.#read(batch, true, () => this.#lend((client) => sendBatch(client, batch))),
      ),
    );
  }

  /** Says that the database takes connections and writes: requests need not wait for one of them to find out. */
  reachable(): void {
    this.#connections.reachable();
    this.#patience.writable();
  }

  /** Says that the database takes connections, and no writes. */
  readOnly(why: Error): void {
    this.#connections.readOnly(why);
  }

  /**
   * Waits, before anything is done for a change, until the database takes writes as far as is known: for as long as a request waits for a
   * connection. Undefined where it does. Rejects with `service.unavailable`.
   */
  admitWrite(): Promise<void> | undefined {
    return this.#connections.isWritable
      ? undefined
      : this.#patience.run(async () => this.#connections.requireWritable());
  }

  /** Runs what a change reads before it writes, again where no database answers, for as long. */
  patiently<Result>(read: () => Promise<Result>): Promise<Result> {
    return this.#patience.run(read);
  }

  /** Says that a change was committed, by the action of its audit entry. */
  changeRecorded(action: string): void {
    this.#observer?.changeRecorded(action);
  }

  /**
   * Runs `work` in one transaction in this scope, and commits; a throw rolls back. Nothing slow belongs inside: no
   * network, no password hash, no file; and nothing that a second run would make twice, for where a migration outdates its
   * statements meanwhile it is rolled back and run again; so it is where the database stops to take writes before the commit was sent.
   */
  async transaction<Result>(scope: Scope, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    let isCommitSent = false;
    const attempt = async (client: pg.PoolClient): Promise<Result> => {
      isCommitSent = false;
      const roundTrip = roundTripOf(this.#queryObserver);
      const requestId = this.#requestId();
      // @NOTE what comes first goes along with it, and what comes last along with the commit: nobody waits for an answer to them.
      gather(client);
      const begun = roundTrip('begin', () => begin(client, scopeValues(scope, requestId)));
      begun.catch(() => undefined);
      const options = { begun, names: this.#names, queryObserver: this.#queryObserver, requestId };
      const tx = new Transaction(client, options);
      try {
        const result = await work(tx);
        isCommitSent = true;
        const committed = roundTrip('commit', () => client.query('commit'));
        committed.catch(() => undefined);
        await tx.settled();
        const { command } = await committed;
        if (command !== 'COMMIT') {
          throw new Error('the transaction was rolled back: an error inside it was swallowed');
        }
        return result;
      } catch (error) {
        // @NOTE a spoilt connection is closed instead, and the server rolls back: waiting for it would hang the request.
        if (!spoilsConnection(error)) {
          await roundTrip('rollback', () => client.query('rollback'));
        }
        throw await begun.then(
          () => error,
          (first: unknown) => first,
        );
      }
    };
    return await this.#patience.run(
      () =>
        this.#translated(() => this.#connections.lendForWriting((client) => this.#fresh(client, attempt))),
      () => !isCommitSent,
    );
  }

  #statements(
    scope: Scope,
    admission: Admission | undefined,
    send: (batch: Batch) => Promise<readonly StatementResult[]>,
  ): Queryable {
    return new ScopedStatements({
      scope,
      admission,
      send,
      names: this.#names,
      requestId: this.#requestId(),
      queryObserver: this.#queryObserver,
    });
  }

  /** Reads where the request may be answered from; at the primary, unless there are others. */
  #read(
    batch: Batch,
    isSlow: boolean,
    atPrimary: () => Promise<readonly StatementResult[]>,
  ): Promise<readonly StatementResult[]> {
    const servers = this.#readServers;
    return servers === undefined
      ? atPrimary()
      : this.#translated(async () => (await servers.read(batch, isSlow)) ?? (await atPrimary()));
  }

  #lend<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return this.#translated(() => this.#connections.lend((client) => this.#fresh(client, work)));
  }

  #fresh<Result>(client: pg.PoolClient, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return withFreshPlans(client, () => work(client), this.#observer?.retried);
  }

  async #translated<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw translate(error, this.#constraints);
    }
  }
}

/** A part of the pool's connections, one at least. */
const share = (connections: number, part: number): number => Math.max(1, Math.floor(connections / part));

/** Begins a transaction in its scope, in one round trip; answers its time. */
async function begin(client: pg.PoolClient, settings: readonly string[]): Promise<string> {
  const [orgId, userId, loginEmail, name] = settings.map((value) => pg.escapeLiteral(value));
  const results: unknown = await client.query(
    `begin; select now()::timestamptz(3) as now, set_config('app.org_id', ${orgId}, true),
       set_config('app.user_id', ${userId}, true), set_config('app.login_email', ${loginEmail}, true),
       set_config('application_name', ${name}, true)`,
  );
  return (results as pg.QueryResult<{ now: string }>[])[1]?.rows[0]?.now ?? '';
}
