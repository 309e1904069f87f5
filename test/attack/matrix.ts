import type { TestApp } from '../harness/app.ts';
import { pathOf, rowsOf } from '../harness/world.ts';
import { type Answer, AttackClient, hasCode } from './attack-client.ts';
import { type Caller, type Cast, castOf } from './cast.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { type MarkedWorld, newMarkedWorld, rightBodyOf, type Traces, tracesIn } from './marked-world.ts';
import { isOfScim, namesResource, type Operation, type Oracle } from './oracle.ts';
import { Snapshot } from './snapshot.ts';
import { preparations, successOf } from './success.ts';

export interface MatrixResult {
  /** How many operations were called, by how many callers each. */
  readonly operations: number;
  readonly callers: number;
  readonly calls: number;
  /** Calls of those who may. */
  readonly allowed: number;
  /** What a caller got to see that is not for them. */
  readonly leaks: readonly string[];
  /** What was answered otherwise than the tables of permissions say, and rows that changed all the same. */
  readonly faults: readonly string[];
}

/**
 * Every operation by every caller with the ids of a world, on a database of its own: those who may not first, so that its rows must stay as
 * they are; then those who may, each in the world as it was.
 */
export async function runMatrix(app: TestApp, { operations }: Oracle): Promise<MatrixResult> {
  const [attacked, neighbour] = [await newMarkedWorld(app), await newMarkedWorld(app)];
  const cast = await castOf(app, attacked);
  const run = new MatrixRun(app, neighbour, cast, await Snapshot.take(app.superuser));
  for (const operation of operations) {
    await run.refusals(operation, attacked);
  }
  for (const operation of operations) {
    const before = operations.find((each) => each.operationId === preparations[operation.operationId]);
    await (operation.method === 'GET'
      ? run.reads(operation, attacked)
      : run.changes(operation, attacked, before));
  }
  return run.result();
}

/** Calls, one operation at a time, and what was wrong with their answers. */
class MatrixRun {
  readonly #app: TestApp;
  readonly #client: AttackClient;
  readonly #neighbour: MarkedWorld;
  readonly #cast: Cast;
  readonly #snapshot: Snapshot;
  readonly #leaks: string[] = [];
  readonly #faults: string[] = [];
  readonly #called = new Set<string>();
  /** What nobody is told, in the words of the API and of SCIM. */
  readonly #refusals = new Map<boolean, string>();
  #allowed = 0;

  constructor(app: TestApp, neighbour: MarkedWorld, cast: Cast, snapshot: Snapshot) {
    this.#app = app;
    this.#client = new AttackClient(app);
    this.#neighbour = neighbour;
    this.#cast = cast;
    this.#snapshot = snapshot;
  }

  result = (): MatrixResult => ({
    operations: this.#called.size,
    callers: this.#cast.callers.length,
    calls: this.#client.calls,
    allowed: this.#allowed,
    leaks: this.#leaks,
    faults: this.#faults,
  });

  /** Those who may not: each is told so in the words that the tables say, and nothing changes. */
  async refusals(operation: Operation, world: MarkedWorld): Promise<void> {
    const before = await this.#rows(world);
    for (const caller of this.#cast.callers) {
      const expected = expectationOf(operation, caller);
      if (expected !== 'allowed') {
        const answer = await this.#call(operation, world, caller);
        this.#compare(operation, caller, answer, expected);
      }
    }
    if ((await this.#rows(world)) !== before) {
      this.#faults.push(`${operation.operationId}: rows changed though everybody was refused`);
    }
  }

  /** Those who may read: they are answered, and no row changes by it. */
  async reads(operation: Operation, world: MarkedWorld): Promise<void> {
    const before = await this.#rows(world);
    for (const caller of this.#allowedIn(operation)) {
      this.#expectSuccess(operation, caller, await this.#call(operation, world, caller));
    }
    const isRecorded = operation.permission === 'audit:read';
    if (!isRecorded && (await this.#rows(world)) !== before) {
      this.#faults.push(`${operation.operationId}: rows changed though it was read alone`);
    }
  }

  /** Those who may change: each does, whatever the others have done. */
  async changes(operation: Operation, world: MarkedWorld, before: Operation | undefined): Promise<void> {
    for (const caller of this.#allowedIn(operation)) {
      if (before !== undefined) {
        await this.#prepare(before, world);
      }
      this.#expectSuccess(operation, caller, await this.#call(operation, world, caller));
      await this.#snapshot.restore();
    }
  }

  /** Does as the owner what must be done before. */
  async #prepare({ method, url }: Operation, world: MarkedWorld): Promise<void> {
    const owner = this.#cast.callers.find(({ standing }) => standing === 'organization owner');
    const answer = await this.#app
      .clientOf((await owner?.token()) ?? '')
      .send(method, pathOf({ url }, world.ids));
    if (answer.status >= 300) {
      throw new Error(`${method} ${url} was to be done before: ${answer.status}`);
    }
  }

  #allowedIn = (operation: Operation): readonly Caller[] =>
    this.#cast.callers.filter((caller) => expectationOf(operation, caller) === 'allowed');

  #expectSuccess(operation: Operation, caller: Caller, answer: Answer): void {
    this.#allowed += 1;
    const expected = successOf(operation, caller);
    if (answer.status !== expected.status || !hasCode(answer, expected.code)) {
      const { status, code } = expected;
      this.#faults.push(this.#told(operation, caller, answer, `${status} ${code ?? ''}`));
    }
  }

  async #call(operation: Operation, world: MarkedWorld, caller: Caller): Promise<Answer> {
    this.#called.add(operation.operationId);
    const body = rightBodyOf(operation, world, this.#cast.candidateId);
    const answer = await this.#client.send({
      method: operation.method,
      path: pathOf(operation, world.ids),
      token: await caller.token(),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const fault of answer.faults) {
      this.#faults.push(`${operation.operationId} by ${caller.name}: ${fault}`);
    }
    const seen = `${answer.text}\n${JSON.stringify([...answer.headers])}`;
    for (const hidden of this.#hiddenFrom(caller, operation, world)) {
      for (const trace of tracesIn(seen, hidden)) {
        this.#leaks.push(`${operation.operationId} shows ${caller.name} ${trace}`);
      }
    }
    return answer;
  }

  #hiddenFrom({ standing }: Caller, { least }: Operation, world: MarkedWorld): readonly Traces[] {
    const neighbour = this.#neighbour.traces;
    if (standing === 'nobody' || standing === 'stranger' || least === 'public') {
      return [neighbour, world.traces];
    }
    return standing === 'outsider' ? [neighbour, world.teamTraces] : [neighbour];
  }

  #compare(
    operation: Operation,
    caller: Caller,
    answer: Answer,
    expected: Exclude<Expectation, 'allowed'>,
  ): void {
    const { status, code } = expected;
    if (answer.status !== status || !hasCode(answer, code)) {
      this.#faults.push(this.#told(operation, caller, answer, `${status} ${code}`));
    }
    if (status === 401) {
      const words = JSON.stringify({ ...answer.body, request_id: undefined });
      const known = this.#refusals.get(isOfScim(operation)) ?? words;
      this.#refusals.set(isOfScim(operation), known);
      if (words !== known || answer.headers.get('www-authenticate') !== 'Bearer') {
        this.#faults.push(this.#told(operation, caller, answer, 'the same words for everybody'));
      }
    }
  }

  #rows = async (world: MarkedWorld): Promise<string> =>
    (await rowsOf(this.#app, world.tenant.orgId)) + (await rowsOf(this.#app, this.#neighbour.tenant.orgId));

  #told(operation: Operation, caller: Caller, { status, text }: Answer, expected: string): string {
    const where = namesResource(operation) ? operation.url : 'what is about the caller';
    return `${operation.operationId} (${where}) by ${caller.name}: expected ${expected}, got ${status} ${text.slice(0, 300)}`;
  }
}
