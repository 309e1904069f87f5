import { expect } from 'vitest';
import { openField } from './fuzz.ts';
import { attackInputs } from './inputs.ts';
import { isExcepted } from './success.ts';
import { Targets } from './targets.ts';

/** By each operation at `--scale 1`: those that change something have more in them. */
const runs = { GET: 200, change: 400 } as const;
/** How many operations are attacked at once: while one waits for the database another one computes. */
const atOnce = 4;

/** Attacks every other operation, from the first or the second on: two files share the work, and the cores. */
export async function attackHalf(first: 0 | 1): Promise<void> {
  await using field = await openField();
  const { operations, options } = field;
  const own = operations.filter((_, index) => options.operation !== undefined || index % 2 === first);
  const faults: string[] = [];
  const todo = own.values();
  const targets = new Targets(field);
  let calls = 0;
  const began = Date.now();
  const work = async (): Promise<void> => {
    for (const operation of todo) {
      const times = Math.ceil((operation.method === 'GET' ? runs.GET : runs.change) * options.scale);
      const result = await attackInputs(field, await targets.of(operation), operation, times);
      calls += result.calls;
      faults.push(...(result.fault === undefined ? [] : [result.fault]));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(
    `inputs: seed ${options.seed}, ${own.length} operations, ${calls} requests in ${seconds.toFixed(0)} s, ${await field.ledger.size()} changes followed, ${faults.length} faults\n`,
  );
  expect([...faults, ...(await field.finalFaults())]).toEqual([]);
  // @NOTE nothing is left out without being missed: each operation has its example and its random inputs, each change an entry.
  if (options.path === undefined) {
    const changing = own.filter(({ operationId, method }) => method !== 'GET' && !isExcepted(operationId));
    const told = changing.map(({ operationId }) => operationId).filter(field.ledger.isTold);
    expect(field.ledger.made).toEqual(told.toSorted());
  }
  if (options.operation === undefined) {
    expect(own.length).toBe(Math.ceil((field.declared - first) / 2));
  }
  expect(calls).toBeGreaterThanOrEqual((options.path === undefined ? 2 : 1) * own.length);
}
