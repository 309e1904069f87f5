import { expect, test } from 'vitest';
import { weightOf, weightOfAgent } from './weight.ts';

test('a configuration weighs its JSON, and each value with the pointer to it and where it is from', () => {
  expect(weightOf({ config: { a: { b: 1 } } })).toBe(13 + 100 + (2 + 100) + (4 + 100));
});

test('more than 64 KiB is refused, and so is what is short and long to explain', () => {
  expect(() => weightOf({ config: { text: 'x'.repeat(65_536) } })).toThrow(
    '/config must not be longer than 65536 bytes',
  );
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, index]));
  expect(weightOf({ config: { short: many } })).toBeLessThan(262_144);
  expect(() => weightOf({ config: { ['long'.repeat(250)]: many } })).toThrow(
    'too many values under too long names',
  );
  expect(() => weightOfAgent({ ['long'.repeat(5_000)]: many })).toThrow(
    'too many values under too long names to be explained',
  );
});

test('patterns weigh what they take of the processor, words nothing', () => {
  const config = {};
  const bare = weightOf({ config });
  expect(weightOf({ config, match: { severity: 'critical|high' } })).toBe(bare);
  const one = weightOf({ config, match: { name: 'disk.*' } }) - bare;
  expect(one).toBeGreaterThanOrEqual(5 * 40);
  expect(weightOf({ config, match: { name: 'disk.*', labels: { service: 'disk.*' } } })).toBe(bare + 2 * one);
  const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`l${index}`, '(.{49}){9}']));
  expect(() => weightOf({ config, match: { labels } })).toThrow(/\/match has patterns of \d+ steps in all/);
});
