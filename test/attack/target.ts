import type { TestApp } from '../harness/app.ts';
import type { Tenant } from '../harness/tenant.ts';
import { idNameOf, pathOf } from '../harness/world.ts';
import { type Answer, AttackClient, curlOf, hasCode } from './attack-client.ts';
import { attackersOf, type Caller, type Cast } from './cast.ts';
import { expectationOf } from './expectation.ts';
import { addressOf, type Input, textOf } from './input.ts';
import { createJudge, type Judge } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { type MarkedWorld, newMarkedWorld, rightBodyOf, tracesIn } from './marked-world.ts';
import { isOfScim, namesResource, type Operation, type Oracle } from './oracle.ts';
import { changedOnTheWay } from './same-as-sent.ts';
import { preparations, refusedByInput, successOf } from './success.ts';

/** Faults that the service finds and no schema can say: they may be told of input that is right by the document. */
const beyondSchemas =
  /^\/(password|new_password|current_password|expires_at|scopes|permissions|user_id|role|until|service_account_id|address_ranges\/\d+|team_ids(\/\d+)?|query\/cursor)$/;

/** Where attacks on inputs take place. */
export interface Ground {
  readonly app: TestApp;
  readonly oracle: Oracle;
  readonly ledger: Ledger;
  /** Another organization, of which nobody may see anything. */
  readonly neighbour: MarkedWorld;
  /** A third one, whose owner is a stranger to both. */
  readonly stranger: Tenant;
}

interface AttackOptions {
  /** Whether it is the example of an operation, by who may. */
  readonly mustSucceed?: boolean;
  /** Whether something else that is sent at the same time may take the caller's rights. */
  readonly mayLoseRights?: boolean;
}

/** What an attack on inputs is about: a world that may be spoiled, its neighbour, and who attacks. */
export class Target {
  readonly world: MarkedWorld;
  readonly client: AttackClient;
  readonly #neighbour: MarkedWorld;
  readonly #cast: Cast & { readonly directory: Caller };
  readonly #oracle: Oracle;
  readonly #judge: Judge;
  readonly #ledger: Ledger;
  readonly #tokens = new Map<Caller, string | undefined>();

  private constructor(parts: {
    app: TestApp;
    world: MarkedWorld;
    neighbour: MarkedWorld;
    cast: Cast & { readonly directory: Caller };
    oracle: Oracle;
    ledger: Ledger;
  }) {
    this.world = parts.world;
    this.client = new AttackClient(parts.app);
    this.#neighbour = parts.neighbour;
    this.#cast = parts.cast;
    this.#oracle = parts.oracle;
    this.#judge = createJudge(parts.oracle);
    this.#ledger = parts.ledger;
  }

  static async create({ app, oracle, ledger, neighbour, stranger }: Ground): Promise<Target> {
    const world = await newMarkedWorld(app);
    return new Target({
      app,
      world,
      neighbour,
      cast: await attackersOf(app, world, stranger),
      oracle,
      ledger,
    });
  }

  get callers(): readonly Caller[] {
    return this.#cast.callers;
  }

  /** Who may: the owner, and, in the words of SCIM, the directory. */
  ownerOf(operation: Operation): Caller {
    return isOfScim(operation) ? this.#cast.directory : this.owner;
  }

  get owner(): Caller {
    const found = this.callers.find(({ standing }) => standing === 'organization owner');
    if (found === undefined) {
      throw new Error('the cast has no owner');
    }
    return found;
  }

  /** Ids that a field may name, from the next to the most foreign. */
  get ids(): readonly string[] {
    const { ids } = this.world;
    const own = Object.entries(ids).filter(([name]) => name.endsWith('_id'));
    const foreign = Object.entries(this.#neighbour.ids).filter(([name]) => name.endsWith('_id'));
    return [...own, ...own, ...foreign]
      .map(([, id]) => id)
      .concat(crypto.randomUUID(), this.#cast.candidateId);
  }

  /** An input that is right: the document's example in this world. */
  rightInput(operation: Operation): Input {
    const names = [...operation.url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const params = Object.fromEntries(
      names.map((name) => [name, this.world.ids[idNameOf(operation.url, name)] ?? '']),
    );
    // @NOTE with a name of its own that it was made under before, an incident is the one before.
    const { idempotency_key: _, ...body } = (rightBodyOf(operation, this.world, this.#cast.candidateId) ??
      {}) as Record<string, unknown>;
    return { params, query: {}, body: operation.body === undefined ? undefined : body };
  }

  /**
   * Does what the document's example says, as who may: it must succeed, and a change must leave an entry. What must be done before is done
   * first.
   */
  async succeed(operation: Operation): Promise<readonly string[]> {
    const before = this.#oracle.operations.find(
      ({ operationId }) => operationId === preparations[operation.operationId],
    );
    if (before !== undefined) {
      await this.client.send({
        method: before.method,
        path: pathOf(before, this.world.ids),
        token: await this.owner.token(),
      });
    }
    return await this.attack(operation, this.rightInput(operation), this.ownerOf(operation), {
      mustSucceed: true,
    });
  }

  /** Sends it, and answers what of the reply must not be; with the line by which it is sent again. */
  async attack(
    operation: Operation,
    input: Input,
    caller = this.ownerOf(operation),
    { mustSucceed = false, mayLoseRights = false }: AttackOptions = {},
  ): Promise<readonly string[]> {
    const path = addressOf(operation, input);
    const { method } = operation;
    const answer = await this.client.send({
      method,
      path,
      token: await this.#tokenOf(operation, caller),
      body: textOf(input),
    });
    if (method !== 'GET') {
      this.#ledger.answered(answer, mustSucceed ? operation.operationId : undefined);
    }
    const success = successOf(operation, caller);
    const isMissed = mustSucceed && (answer.status !== success.status || !hasCode(answer, success.code));
    const faults = [
      ...answer.faults,
      ...tracesIn(answer.text, this.#neighbour.traces).map(
        (trace) => `shows ${trace} of another organization`,
      ),
      ...this.#judged(operation, input, caller, answer, mayLoseRights),
      ...(isMissed ? [`the example is not answered ${success.status} ${success.code ?? ''}`] : []),
    ];
    return faults.map(
      (fault) =>
        `${operation.operationId} by ${caller.name}: ${fault}\n  ${answer.status} ${answer.text.slice(0, 300)}\n  ${curlOf(answer.attack).slice(0, 2_000)}`,
    );
  }

  /** @NOTE what is about the caller may end the session that it comes with. */
  async #tokenOf(operation: Operation, caller: Caller): Promise<string | undefined> {
    if (operation.method !== 'GET' && !namesResource(operation)) {
      return await caller.token();
    }
    const known = this.#tokens.get(caller) ?? (await caller.token());
    this.#tokens.set(caller, known);
    return known;
  }

  #judged(
    operation: Operation,
    input: Input,
    caller: Caller,
    answer: Answer,
    mayLoseRights: boolean,
  ): readonly string[] {
    const { status, body } = answer;
    const told = (body?.errors ?? []).map(({ pointer }: { pointer: string }) => pointer) as string[];
    const wrong = this.#judge(operation, input);
    const isWrong = wrong.length > 0 || input.raw !== undefined;
    const isKept = Object.entries(input.params).every(
      ([name, id]) => this.world.ids[idNameOf(operation.url, name)] === id,
    );
    const expected = expectationOf(operation, caller);
    if (expected !== 'allowed') {
      // @NOTE what was deleted before is there for nobody.
      const mayBe = isWrong || !isKept ? [expected.status, 404, 403, 422] : [expected.status, 404];
      return mayBe.includes(status) ? [] : [`expected ${mayBe.join(' or ')}`];
    }
    if (isWrong) {
      if (isOfScim(operation)) {
        return status === 400 || status === 404 ? [] : ['expected 400'];
      }
      const named = input.raw !== undefined || told.some((pointer) => wrong.includes(pointer));
      return status === 422 && (named || body?.code !== 'request.invalid')
        ? []
        : status === 404 && body?.code === 'route.not_found'
          ? []
          : [`expected 422 that names ${input.raw?.why ?? wrong.join(', ')}`];
    }
    if (body?.code === 'request.invalid' && !told.every((pointer) => beyondSchemas.test(pointer))) {
      return ['is refused though it is as the document says'];
    }
    const isRefused = (status === 401 || status === 403) && isKept && !mayLoseRights;
    if (isRefused && !refusedByInput(operation, input, caller, answer)) {
      return ['is refused though the caller may'];
    }
    return status < 300 ? changedOnTheWay(operation.operationId, input.body, body) : [];
  }
}
