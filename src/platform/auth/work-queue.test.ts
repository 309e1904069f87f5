import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.ts';

/** A queue whose work ends when it is told to; `begun` names it in the order in which it was begun. */
function queueOf() {
  const queue = new WorkQueue();
  const begun: string[] = [];
  const running: (() => void)[] = [];
  const results: Promise<unknown>[] = [];
  const bring = (name: string, isUrgent = false) => {
    const work = () =>
      new Promise<void>((resolve) => {
        begun.push(name);
        running.push(resolve);
      });
    const result = queue.run(work, { isUrgent }).catch((error: { code?: string }) => error.code);
    results.push(result);
    return result;
  };
  const finishAll = async () => {
    while (running.length > 0) {
      running.shift()?.();
      await setImmediate();
    }
    return await Promise.all(results);
  };
  return { queue, begun, bring, finishAll };
}

test('what is urgent goes first, also where the line is full, and one of three is not urgent', async () => {
  const { begun, bring, finishAll } = queueOf();
  for (let index = 0; index < 52; index += 1) {
    bring(`usual ${index}`);
  }
  expect(await bring('refused')).toBe('service.overloaded');
  for (let index = 0; index < 4; index += 1) {
    bring(`urgent ${index}`, true);
  }
  await finishAll();
  expect(begun.slice(2, 9)).toEqual([
    'urgent 0',
    'urgent 1',
    'usual 2',
    'urgent 2',
    'urgent 3',
    'usual 3',
    'usual 4',
  ]);
  expect(begun).toHaveLength(56);
});

test('no more than ten wait for being urgent; more of it waits with the others', async () => {
  const { queue, bring, finishAll } = queueOf();
  for (let index = 0; index < 62; index += 1) {
    bring(`urgent ${index}`, true);
  }
  expect([queue.running, queue.waiting]).toEqual([2, 60]);
  expect(await bring('one more', true)).toBe('service.overloaded');
  await finishAll();
  expect([queue.running, queue.waiting]).toEqual([0, 0]);
});
