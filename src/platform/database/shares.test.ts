import { expect, test } from 'vitest';
import { type Sharer, Shares } from './shares.ts';

/** Work that ends when it is told to. */
function slow() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}
const of = (tenant: string, caller: string): Sharer => ({ tenant, caller });
const codeOf = (running: Promise<unknown>) =>
  running.then(
    () => 'done',
    ({ code }) => code,
  );

test('a caller who asks for too much at once is refused at once, and holds up neither colleagues nor neighbours', async () => {
  const shares = new Shares({ ofAll: 8, ofTenant: 4, ofCaller: 2 });
  const { work, end } = slow();
  const mine = Array.from({ length: 15 }, () => codeOf(shares.run(of('a', 'ada'), work)));
  expect(await Promise.all(mine.slice(10))).toEqual(Array(5).fill('rate.limited'));
  expect(await shares.run(of('a', 'grace'), async () => 'answered')).toBe('answered');
  expect(await shares.run(of('b', 'bob'), async () => 'answered')).toBe('answered');
  end();
  expect(await Promise.all(mine.slice(0, 10))).toEqual(Array(10).fill('done'));
});

test('a tenant has its share, however many callers it has', async () => {
  const shares = new Shares({ ofAll: 8, ofTenant: 4, ofCaller: 2 });
  const { work, end } = slow();
  const theirs = Array.from({ length: 30 }, (_, n) => codeOf(shares.run(of('a', `user ${n}`), work)));
  expect(await Promise.all(theirs.slice(20))).toEqual(Array(10).fill('rate.limited'));
  expect(await shares.run(of('b', 'bob'), async () => 'answered')).toBe('answered');
  end();
  await Promise.all(theirs);
});

test('where all have too much, the service says so of itself; what fails gives its share back', async () => {
  const shares = new Shares({ ofAll: 1, ofTenant: 1, ofCaller: 1 });
  const { work, end } = slow();
  const theirs = Array.from({ length: 6 }, (_, n) =>
    codeOf(shares.run(of(`tenant ${n}`, `user ${n}`), work)),
  );
  expect(await theirs[5]).toBe('service.overloaded');
  end();
  expect(await Promise.all(theirs.slice(0, 5))).toEqual(Array(5).fill('done'));
  const failed = () => Promise.reject(new Error('no'));
  await expect(shares.run(of('a', 'ada'), failed)).rejects.toThrow('no');
  expect(await shares.run(of('a', 'ada'), async () => 'answered')).toBe('answered');
});
