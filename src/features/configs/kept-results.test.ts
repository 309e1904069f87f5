import { expect, test } from 'vitest';
import type { EffectiveConfiguration } from './effective-schemas.ts';
import { KeptResults } from './kept-results.ts';

const result = (hash: string) => ({ hash }) as EffectiveConfiguration;

test('results are kept up to a weight in all: those that were asked for last', () => {
  const kept = new KeptResults(100);
  kept.keep('a', result('a'), 40);
  kept.keep('b', result('b'), 40);
  expect(kept.get('a')?.hash).toBe('a');
  kept.keep('c', result('c'), 40);
  kept.keep('too heavy', result('d'), 101);
  expect(['a', 'b', 'c', 'too heavy'].map((key) => kept.get(key)?.hash)).toEqual([
    'a',
    undefined,
    'c',
    undefined,
  ]);
});
