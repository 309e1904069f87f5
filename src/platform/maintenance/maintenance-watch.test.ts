import { afterEach, expect, test } from 'vitest';
import type { Maintenance } from './maintenance-rows.ts';
import { MaintenanceWatch } from './maintenance-watch.ts';

const mode = (fields: Partial<Maintenance> = {}): Maintenance => ({
  message: 'The database moves',
  until: '2030-01-01T00:00:00.000Z',
  startedAt: '2029-12-31T23:00:00.000Z',
  startedBy: 'ada@db1',
  secondsLeft: 3_600,
  ...fields,
});
const soon = { interval: 10 };

let answer: () => Promise<Maintenance | undefined>;
let told: (Maintenance | undefined)[] = [];
let watch: MaintenanceWatch;

async function start(first: typeof answer): Promise<void> {
  answer = first;
  told = [];
  watch = new MaintenanceWatch({ read: () => answer(), onChange: (each) => told.push(each) });
  await watch.start();
}
afterEach(() => watch[Symbol.asyncDispose]());

test('tells of its beginning, of a change and of its end, each once', async () => {
  await start(async () => undefined);
  expect([watch.current, told]).toEqual([undefined, []]);
  for (const next of [mode(), mode({ message: 'It takes longer' }), undefined]) {
    answer = async () => next;
    await expect.poll(() => told.at(-1)?.message, soon).toBe(next?.message);
    await watch.refresh();
  }
  expect(told).toHaveLength(3);
});

test('counts down', async () => {
  await start(async () => mode());
  const { secondsLeft } = watch.current ?? {};
  expect(secondsLeft).toBeGreaterThan(3_595);
  expect(secondsLeft).toBeLessThanOrEqual(3_600);
  await watch.refresh();
  answer = async () => mode({ until: null, secondsLeft: null });
  await watch.refresh();
  expect(watch.current?.secondsLeft).toBeNull();
});

test('keeps what it knows while the database is away, and ends it on time all the same', async () => {
  await start(async () => mode({ secondsLeft: 0.3 }));
  answer = async () => {
    throw new Error('connect ECONNREFUSED');
  };
  await watch.refresh();
  expect(watch.current).toBeDefined();
  await expect.poll(() => watch.current, soon).toBeUndefined();
  await expect.poll(() => told, soon).toEqual([expect.objectContaining({ startedBy: 'ada@db1' }), undefined]);
});
