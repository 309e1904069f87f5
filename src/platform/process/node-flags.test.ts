import { expect, test } from 'vitest';
import { nodeFlags } from './node-flags.ts';

test('the service has little room for garbage, unless somebody chose how much', () => {
  expect(nodeFlags(['--inspect'])).toEqual(['--inspect', '--no-warnings', '--max-semi-space-size=16']);
  expect(nodeFlags([], '--title=x --max_semi_space_size=16')).toEqual(['--no-warnings']);
  expect(nodeFlags(['--max-semi-space-size=8'])).toEqual(['--max-semi-space-size=8', '--no-warnings']);
});
