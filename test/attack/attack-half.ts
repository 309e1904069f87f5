import { openField } from './fuzz.ts';
import { attackInputs } from './inputs.ts';

/** As many as fit into what CI gives, by each operation: those that change something have more in them. */
const runs = { GET: 200, change: 400 } as const;
/** How many operations are attacked at once: while one waits for the database another one computes. */
const atOnce = 4;

/** Attacks every other operation, from the first or the second on: two files share the work, and the cores. */
export async function attackHalf(first: 0 | 1): Promise<readonly string[]> {
  await using field = await openField();
  const { operations, options } = field;
  const own = operations.filter((_, index) => options.operation !== undefined || index % 2 === first);
  const faults: string[] = [];
  const todo = own.values();
  let calls = 0;
  const began = Date.now();
  const work = async (): Promise<void> => {
    for (const operation of todo) {
      const times = Math.ceil((operation.method === 'GET' ? runs.GET : runs.change) * options.scale);
      const result = await attackInputs(field, operation, times);
      calls += result.calls;
      faults.push(...(result.fault === undefined ? [] : [result.fault]));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(
    `inputs: seed ${options.seed}, ${own.length} operations, ${calls} requests in ${seconds.toFixed(0)} s, ${await field.ledger.size()} changes followed, ${faults.length} faults\n`,
  );
  return [...faults, ...(await field.finalFaults())];
}
