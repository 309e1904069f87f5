import type { TestApp } from '../harness/app.ts';
import { bodyOf, pathOf, rowsOf } from '../harness/world.ts';
import { type Answer, AttackClient } from './attack-client.ts';
import { type Caller, type Cast, castOf } from './cast.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { type MarkedWorld, newMarkedWorld, type Traces, tracesIn } from './marked-world.ts';
import { namesResource, type Operation, type Oracle } from './oracle.ts';

export interface MatrixResult {
  readonly calls: number;
  /** What a caller got to see that is not for them. */
  readonly leaks: readonly string[];
  /** What was answered otherwise than the tables of permissions say, and rows that changed all the same. */
  readonly faults: readonly string[];
}

/** Every operation by every caller with the ids of a world: those who may not first, so that its rows must stay as they are. */
export async function runMatrix(app: TestApp, { operations }: Oracle): Promise<MatrixResult> {
  const [attacked, spent, neighbour] = [
    await newMarkedWorld(app),
    await newMarkedWorld(app),
    await newMarkedWorld(app),
  ];
  const run = new MatrixRun(app, neighbour);
  const cast = await castOf(app, attacked);
  for (const operation of operations) {
    await run.refusals(operation, attacked, cast);
  }
  for (const operation of operations.filter(({ method }) => method === 'GET')) {
    await run.reads(operation, attacked, cast);
  }
  const others = await castOf(app, spent);
  for (const operation of inOrderOfDamage(operations)) {
    await run.changes(operation, spent, others);
  }
  return run.result();
}

/** Changes, so that what one takes away is missed by few after it. */
const inOrderOfDamage = (operations: readonly Operation[]): readonly Operation[] => {
  // @NOTE who owns the organization, or has another role in it, is no longer whom the cast says.
  const damage = ({ method, url, least }: Operation): number =>
    (method === 'DELETE' ? url.split(':').length : 0) +
    (url.includes(':') ? 0 : 1) +
    (least === 'organization owner' || url.endsWith('/leave') ? 8 : 0);
  return operations
    .filter(({ method, least }) => method !== 'GET' && least !== 'operator')
    .toSorted((a, b) => damage(a) - damage(b));
};

const ofNobody = ['auth.forbidden', 'auth.scope_missing', 'auth.person_required', 'auth.unauthenticated'];

/** Calls, one operation at a time, and what was wrong with their answers. */
export class MatrixRun {
  readonly #app: TestApp;
  readonly #client: AttackClient;
  readonly #neighbour: MarkedWorld;
  readonly #leaks: string[] = [];
  readonly #faults: string[] = [];
  #refusal: string | undefined;

  constructor(app: TestApp, neighbour: MarkedWorld) {
    this.#app = app;
    this.#client = new AttackClient(app);
    this.#neighbour = neighbour;
  }

  result = (): MatrixResult => ({ calls: this.#client.calls, leaks: this.#leaks, faults: this.#faults });

  /** Those who may not: each is told so in the words that the tables say, and nothing changes. */
  async refusals(operation: Operation, world: MarkedWorld, cast: Cast): Promise<void> {
    const isChange = operation.method !== 'GET';
    const before = isChange ? await this.#rows(world) : '';
    for (const caller of cast.callers) {
      const expected = expectationOf(operation, caller);
      if (expected !== 'allowed') {
        const answer = await this.#call(operation, world, cast, caller);
        this.#compare(operation, caller, answer, expected);
      }
    }
    if (isChange && (await this.#rows(world)) !== before) {
      this.#faults.push(`${operation.operationId}: rows changed though everybody was refused`);
    }
  }

  /** Those who may read, or whom nobody has to know. */
  async reads(operation: Operation, world: MarkedWorld, cast: Cast): Promise<void> {
    for (const caller of cast.callers) {
      if (expectationOf(operation, caller) === 'allowed') {
        const answer = await this.#call(operation, world, cast, caller);
        const isOfOthers = operation.least === 'public' || caller.standing === 'stranger';
        if (!isOfOthers && answer.status !== operation.status) {
          this.#faults.push(this.#told(operation, caller, answer, `${operation.status}`));
        }
      }
    }
  }

  /** Those who may change: whatever the world has come to, it is not a right that they lack. */
  async changes(operation: Operation, world: MarkedWorld, cast: Cast): Promise<void> {
    for (const caller of cast.callers) {
      if (expectationOf(operation, caller) === 'allowed') {
        const answer = await this.#call(operation, world, cast, caller);
        const code = String(answer.body?.code);
        if (operation.least !== 'public' && ofNobody.includes(code)) {
          this.#faults.push(this.#told(operation, caller, answer, 'no refusal'));
        }
      }
    }
  }

  async #call(operation: Operation, world: MarkedWorld, cast: Cast, caller: Caller): Promise<Answer> {
    const body = bodyOf(operation, world.ids, cast.candidateId);
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
    const { status, code = answer.body?.code } = expected;
    if (answer.status !== status || answer.body?.code !== code) {
      this.#faults.push(this.#told(operation, caller, answer, `${status} ${code}`));
    }
    if (status === 401) {
      const words = JSON.stringify({ ...answer.body, request_id: undefined });
      this.#refusal ??= words;
      if (words !== this.#refusal || answer.headers.get('www-authenticate') !== 'Bearer') {
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
