import fc from 'fast-check';
import { arbitraryOf } from './arbitraries.ts';
import type { Caller } from './cast.ts';
import type { Field } from './fuzz.ts';
import type { Input } from './input.ts';
import { isFields, mutated } from './mutated-input.ts';
import type { Operation } from './oracle.ts';
import { resolved } from './schemas.ts';
import type { Target } from './target.ts';

export interface InputResult {
  readonly calls: number;
  /** What was found first, made as small as it gets, and how to see it again. */
  readonly fault: string | undefined;
}

/** The document's example, which must succeed; then random input that is right, and as much of it with one thing changed, by everybody who has a credential. */
export async function attackInputs(
  field: Field,
  target: Target,
  operation: Operation,
  runs: number,
): Promise<InputResult> {
  const { seed, path, minutes } = field.options;
  let calls = 0;
  // @NOTE what is gone straight to is one case, and no example before it.
  if (path === undefined) {
    const faults = await target.succeed(operation);
    calls += 1;
    if (faults.length > 0) {
      return { calls, fault: faults.join('\n') };
    }
  }
  const right = inputOf(field, operation, target);
  const input = fc.oneof(right, mutated(right));
  const attacked = fc.asyncProperty(input, callerOf(target, operation), async (tried, caller) => {
    calls += 1;
    const faults = await target.attack(operation, tried, caller);
    if (faults.length > 0) {
      throw new Error(faults.join('\n'));
    }
  });
  const result = await fc.check(attacked, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path }),
    ...(minutes === undefined ? {} : { interruptAfterTimeLimit: minutes * 60_000 }),
  });
  const { failed, errorInstance, counterexamplePath } = result;
  return {
    calls,
    fault: failed
      ? `${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}\n  again: ` +
        `npm run test:attack -- --operation ${operation.operationId} --seed ${seed} --path ${counterexamplePath}`
      : undefined,
  };
}

/** @NOTE nearly always who may: a refusal ends before most of what there is to find. */
const callerOf = (target: Target, operation: Operation): fc.Arbitrary<Caller> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(target.ownerOf(operation)) },
    { weight: 1, arbitrary: fc.constantFrom(...target.callers) },
  );

/** @NOTE where a schema says nothing of its fields, as those of SCIM do, most of what is made of it is refused: the example's go between. */
const withExample = (made: fc.Arbitrary<unknown>, example: unknown): fc.Arbitrary<unknown> =>
  fc.tuple(made, fc.option(fc.constant(example), { freq: 2 })).chain(([value, right]) =>
    right === null || !isFields(value) || !isFields(right)
      ? fc.constant(value)
      : fc.subarray(Object.keys(right)).map((names) => ({
          ...value,
          ...Object.fromEntries(names.map((name) => [name, right[name]])),
        })),
  );

const isId = (name: string): boolean => name === 'id' || name.endsWith('_id');

function inputOf({ oracle }: Field, operation: Operation, target: Target): fc.Arbitrary<Input> {
  const context = { oracle, ids: target.ids };
  const example = target.rightInput(operation);
  const optional = operation.parameters.filter((each) => each.in === 'query' && each.name !== 'cursor');
  const query = Object.fromEntries(
    optional.map(({ name, schema }) => [name, arbitraryOf(resolved(schema, oracle.document), context, name)]),
  );
  const params = fc.oneof(
    { weight: 9, arbitrary: fc.constant(example.params) },
    {
      weight: 1,
      arbitrary: fc.record(
        Object.fromEntries(
          Object.entries(example.params).map(([name, id]) => [
            name,
            isId(name) ? fc.constantFrom(...target.ids) : fc.constant(id),
          ]),
        ),
      ),
    },
  );
  const body =
    operation.body === undefined
      ? fc.constant(undefined)
      : withExample(arbitraryOf(operation.body, context), example.body);
  const isWritable = (each: Record<string, unknown>): boolean =>
    Object.values(each).every((value) => !Array.isArray(value) || value.length > 0);
  return fc
    .tuple(params, fc.record(query, { requiredKeys: [] }).filter(isWritable), body)
    .map(([chosen, asked, sent]) => ({ params: { ...chosen }, query: { ...asked }, body: sent }));
}
