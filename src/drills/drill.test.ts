import { expect, test } from 'vitest';
import { type Drill, faultOf } from './drill.ts';
import { runDrills } from './run-drill.ts';

const figure = { name: 'requests that failed', unit: 'requests' };

test.each([
  [{ ...figure, value: 0, atMost: 0 }, undefined],
  [{ ...figure, value: 1, atMost: 0 }, 'requests that failed: 1 requests, at most 0 are allowed'],
  [{ ...figure, value: 9, atLeast: 10 }, 'requests that failed: 9 requests, at least 10 are demanded'],
  [{ ...figure, value: 10, atLeast: 10, atMost: 10 }, undefined],
  [{ ...figure, value: Number.NaN, atMost: 5 }, 'requests that failed: NaN requests, at most 5 are allowed'],
  [{ ...figure, value: 7 }, undefined],
])('%j', (given, fault) => {
  expect(faultOf(given)).toBe(fault);
});

test('each drill is told of before the next one begins, whether it passed or not', async () => {
  const said: string[] = [];
  const drill = (name: string, run: () => void): (() => Promise<Drill>) => {
    return async () => ({
      name,
      shows: 'that it runs',
      programs: [],
      run: async () => {
        said.push(`${name} runs`);
        run();
        return [{ name: 'rounds', value: 1, unit: 'rounds' }];
      },
    });
  };
  const fails = () => {
    throw new Error('out of patience');
  };
  const reports = await runDrills(
    [drill('one', () => undefined), drill('two', fails)],
    () => ({ isFull: false, say: () => undefined }),
    async ({ drill: name, faults }) => {
      await Promise.resolve();
      said.push(`${name} is over, ${faults.length} faults`);
    },
  );
  expect(said).toEqual(['one runs', 'one is over, 0 faults', 'two runs', 'two is over, 1 faults']);
  expect(reports.map(({ faults }) => faults.length)).toEqual([0, 1]);
});
