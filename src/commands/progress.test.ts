import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function written(isTTY: boolean, total: number, step: number): string {
  let text = '';
  const out = {
    isTTY,
    write: (chunk: string | Uint8Array) => {
      text += chunk;
      return true;
    },
  };
  const { report } = createProgress(out);
  for (let done = 0; done <= total; done += step) {
    report('incidents', done, total);
  }
  return text;
}

test('elsewhere than on a terminal there are a few plain lines, the last one when it is done', () => {
  const lines = written(false, 50_000, 1_000).split('\n');
  expect(lines).toEqual([
    '10,000 of 50,000 incidents',
    '20,000 of 50,000 incidents',
    '30,000 of 50,000 incidents',
    '40,000 of 50,000 incidents',
    '50,000 of 50,000 incidents',
    '',
  ]);
  expect(written(false, 1, 1)).toBe('1 of 1 incidents\n');
});

test('on a terminal one line grows into a full bar', () => {
  const text = written(true, 50_000, 10_000);
  expect(text.split('\n')).toHaveLength(2);
  expect(text.split('\r').at(-1)).toBe(`  ${'█'.repeat(30)}  50,000 of 50,000 incidents\n`);
});
