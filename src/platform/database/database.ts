import pg from 'pg';
import { type ConnectionObserver, Connections } from './connections.ts';
import { type ConstraintErrors, spoilsConnection, translate } from './database-errors.ts';
import { withFreshPlans } from './outdated-plans.ts';
import { Queryable, type QueryObserver, roundTripOf } from './queryable.ts';
import { type Scope, scopeValues } from './scope.ts';
import { ScopedQuery } from './scoped-query.ts';
import type { Sql } from './sql.ts';
import { StatementNames } from './statement-names.ts';
import { Transaction } from './transaction.ts';

export interface DatabaseOptions {
  readonly pool: pg.Pool;
  /** Whether connections that were idle are tried before they are used. */
  readonly prePing?: boolean;
  /** Each feature's constraints and the errors they mean. */
  readonly constraints?: ConstraintErrors;
  readonly queryObserver?: QueryObserver;
  /** The id of the request at hand: statements carry it into PostgreSQL's log. */
  readonly requestId?: () => string | undefined;
  /** Told what connections cost, and what changes were recorded. */
  readonly observer?: DatabaseObserver;
}

export interface DatabaseObserver extends ConnectionObserver {
  readonly changeRecorded: (action: string) => void;
}

/** The database as the service sees it: only ever through a scope. */
export class Database {
  readonly #connections: Connections;
  readonly #constraints: ConstraintErrors;
  readonly #queryObserver: QueryObserver;
  readonly #names = new StatementNames();
  readonly #observer: DatabaseObserver | undefined;
  readonly #requestId: () => string | undefined;

  constructor(options: DatabaseOptions) {
    const { pool, prePing = false, observer } = options;
    this.#observer = observer;
    this.#connections = new Connections({ pool, prePing, ...(observer === undefined ? {} : { observer }) });
    this.#constraints = options.constraints ?? {};
    this.#requestId = options.requestId ?? (() => undefined);
    this.#queryObserver = options.queryObserver ?? {};
  }

  /** Statements in this scope, each a transaction of its own and one round trip. */
  within(scope: Scope): Queryable {
    return new ScopedStatements(this.#queryObserver, (statement) => this.#sendScoped(scope, statement));
  }

  /** Says that the database takes connections: requests need not wait for one of them to find out. */
  reachable(): void {
    this.#connections.reachable();
  }

  /** Says that a change was committed, by the action of its audit entry. */
  changeRecorded(action: string): void {
    this.#observer?.changeRecorded(action);
  }

  /**
   * Runs `work` in one transaction in this scope, and commits; a throw rolls back. Nothing slow belongs inside: no
   * network, no password hash, no file; and nothing that a second run would make twice, for where a migration outdates its
   * statements meanwhile it is rolled back and run again.
   */
  async transaction<Result>(scope: Scope, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return await this.#lend(async (client) => {
      const roundTrip = roundTripOf(this.#queryObserver);
      const requestId = this.#requestId();
      const startedAt = await roundTrip('begin', () => begin(client, scopeValues(scope, requestId)));
      const options = { startedAt, names: this.#names, queryObserver: this.#queryObserver, requestId };
      try {
        const result = await work(new Transaction(client, options));
        const { command } = await roundTrip('commit', () => client.query('commit'));
        if (command !== 'COMMIT') {
          throw new Error('the transaction was rolled back: an error inside it was swallowed');
        }
        return result;
      } catch (error) {
        // @NOTE a spoilt connection is closed instead, and the server rolls back: waiting for it would hang the request.
        if (!spoilsConnection(error)) {
          await roundTrip('rollback', () => client.query('rollback'));
        }
        throw error;
      }
    });
  }

  async #sendScoped(scope: Scope, statement: Sql): Promise<pg.QueryResult> {
    const { text } = statement;
    const name = this.#names.nameOf(text);
    const settings = scopeValues(scope, this.#requestId());
    const sendOn = (client: pg.PoolClient): Promise<pg.QueryResult> =>
      new Promise((resolve, reject) => {
        const query = new ScopedQuery(
          settings,
          { text, values: statement.values, ...(name === undefined ? {} : { name }) },
          (error, result) => (error === null ? resolve(result) : reject(error)),
        );
        client.query(query as unknown as pg.Submittable);
      });
    return await this.#lend((client) => roundTripOf(this.#queryObserver)(text, () => sendOn(client)));
  }

  async #lend<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    try {
      return await this.#connections.lend((client) =>
        withFreshPlans(client, () => work(client), this.#observer?.retried),
      );
    } catch (error) {
      throw translate(error, this.#constraints);
    }
  }
}

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

class ScopedStatements extends Queryable {
  readonly #send: (statement: Sql) => Promise<pg.QueryResult>;

  constructor(queryObserver: QueryObserver, send: (statement: Sql) => Promise<pg.QueryResult>) {
    super(queryObserver);
    this.#send = send;
  }

  protected override send(statement: Sql): Promise<pg.QueryResult> {
    return this.#send(statement);
  }
}
