import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttackClient } from './attack-client.ts';
import { openField } from './fuzz.ts';
import { Model, steps } from './model.ts';

test('two organizations are, step by step, what a model of them says, whoever does whatever in whichever order', async () => {
  await using field = await openField();
  const { seed, path, scale } = field.options;
  const client = new AttackClient(field.app);
  const runs = Math.ceil(150 * scale);
  const walk = fc.asyncProperty(steps, async (taken) => {
    const model = await Model.create(field.app, client);
    for (const step of taken) {
      expect(await model.take(step)).toEqual([]);
    }
    expect(await model.parted()).toEqual([]);
  });
  const result = await fc.check(walk, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  process.stdout.write(`commands: seed ${seed}, ${runs} walks, ${client.calls} requests\n`);
  expect(
    result.failed,
    `${fc.defaultReportMessage(result)}\n  again: npm run test:attack -- commands --seed ${seed}`,
  ).toBe(false);
  expect(await field.finalFaults()).toEqual([]);
});
