import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Case, casesAround } from './bounds.ts';
import { type Field, openField } from './fuzz.ts';
import { Targets } from './targets.ts';

let field: Field;

beforeAll(async () => {
  field = await openField();
});
afterAll(() => field[Symbol.asyncDispose]());

/** At `--scale 1` all of them; a share of them otherwise, at least one, which the seed chooses. */
function chosen(cases: readonly Case[], nth: number): readonly Case[] {
  const { seed, scale } = field.options;
  const count = Math.max(1, Math.round(cases.length * scale));
  const [some = []] = fc.sample(
    fc.shuffledSubarray([...cases], { minLength: Math.min(count, cases.length) }),
    {
      seed: seed + nth,
      numRuns: 1,
    },
  );
  return some.slice(0, count);
}

test('on both sides of every bound that the document states, the service takes and refuses what it says, by name', async () => {
  const { seed, scale, operation: only } = field.options;
  const targets = new Targets(field);
  const faults: string[] = [];
  const tried: number[] = [];
  let known = 0;
  for (const [nth, operation] of field.operations.entries()) {
    const target = await targets.of(operation);
    const all = casesAround(operation, target.rightInput(operation), field.oracle);
    const cases = chosen(all, nth);
    known += all.length;
    for (let at = 0; at < cases.length; at += 8) {
      const found = await Promise.all(
        cases.slice(at, at + 8).map(async ({ why, input }) => {
          const each = await target.attack(operation, input);
          return each.map((fault) => `${why}: ${fault}`);
        }),
      );
      faults.push(...found.flat());
    }
    tried.push(cases.length);
  }
  const requests = tried.reduce((sum, each) => sum + each, 0);
  process.stdout.write(
    `bounds: seed ${seed}, ${tried.length} operations, ${requests} of ${known} requests, ${faults.length} faults\n`,
  );
  const again = `npm run test:attack -- bounds --seed ${seed} --scale ${scale}`;
  expect(faults.slice(0, 50), again).toEqual([]);
  expect(await field.finalFaults()).toEqual([]);
  expect(tried.filter((each) => each > 0)).toHaveLength(only === undefined ? field.declared : 1);
});
