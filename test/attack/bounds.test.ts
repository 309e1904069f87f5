import { afterAll, beforeAll, expect, test } from 'vitest';
import { casesAround } from './bounds.ts';
import { type Field, openField } from './fuzz.ts';
import { Target } from './target.ts';

let field: Field;

beforeAll(async () => {
  field = await openField();
});
afterAll(() => field[Symbol.asyncDispose]());

test('on both sides of every bound that the document states, the service takes and refuses what it says, by name', async () => {
  const faults: string[] = [];
  let calls = 0;
  for (const operation of field.operations) {
    const target = await Target.create(field);
    // @NOTE all of them in CI; a quick look takes some.
    const cases = casesAround(operation, target.rightInput(operation), field.oracle).filter(
      (_, index) => index % Math.ceil(1 / field.options.scale) === 0,
    );
    for (let at = 0; at < cases.length; at += 8) {
      const found = await Promise.all(
        cases.slice(at, at + 8).map(async ({ why, input }) => {
          const each = await target.attack(operation, input);
          return each.map((fault) => `${why}: ${fault}`);
        }),
      );
      faults.push(...found.flat());
    }
    calls += target.client.calls;
  }
  process.stdout.write(
    `bounds: ${field.operations.length} operations, ${calls} requests, ${faults.length} faults\n`,
  );
  expect(faults.slice(0, 50)).toEqual([]);
  expect(await field.finalFaults()).toEqual([]);
});
