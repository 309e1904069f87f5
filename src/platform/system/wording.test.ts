import { expect, test } from 'vitest';
import { formatDuration } from './wording.ts';

test.each([
  [0, '0 s'],
  [119, '119 s'],
  [3_660, '61 min'],
  [28_800, '8 h'],
  [2_592_000, '30 d'],
])('%i seconds are %s', (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});
