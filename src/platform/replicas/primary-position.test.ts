import { expect, test } from 'vitest';
import { PrimaryPosition } from './primary-position.ts';

/** A primary that answers when it is told to. */
function primary() {
  const asked: PromiseWithResolvers<{ rows: never[] }>[] = [];
  const position = new PrimaryPosition({
    query: () => {
      const answer = Promise.withResolvers<{ rows: never[] }>();
      asked.push(answer);
      return answer.promise as never;
    },
  });
  const answer = (lsn: string): void => asked.at(-1)?.resolve({ rows: [{ lsn, server: 'a' }] as never[] });
  return { asked, position, answer };
}

test('who asks at the same time shares a question; who asks once it was sent does not', async () => {
  const { asked, position, answer } = primary();
  const first = [position.ask(), position.ask()];
  await expect.poll(() => asked.length).toBe(1);
  const later = [position.ask(), position.ask()];
  answer('0/1');
  expect((await Promise.all(first)).map(({ lsn }) => lsn)).toEqual([1n, 1n]);
  await expect.poll(() => asked.length).toBe(2);
  answer('0/2');
  expect((await Promise.all(later)).map(({ lsn }) => lsn)).toEqual([2n, 2n]);
});

test('one that does not answer keeps nobody from asking again', async () => {
  const { asked, position, answer } = primary();
  const failing = position.ask();
  await expect.poll(() => asked.length).toBe(1);
  asked[0]?.reject(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  const next = position.ask();
  await expect.poll(() => asked.length).toBe(2);
  answer('0/3');
  expect((await next).lsn).toBe(3n);
});
