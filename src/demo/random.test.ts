import { expect, test } from 'vitest';
import { Random } from './random.ts';

const draws = (seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: 1_000 }, () => random.next());
};

test('the same seed gives the same numbers, another one others', () => {
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
});

test('numbers spread evenly, and log-normal ones around their median', () => {
  const random = new Random(1);
  const mean = draws(1).reduce((sum, each) => sum + each, 0) / 1_000;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
  const below = Array.from({ length: 1_000 }, () => random.logNormal(60, 1)).filter(
    (each) => each < 60,
  ).length;
  expect(below).toBeGreaterThan(430);
  expect(below).toBeLessThan(570);
});

test('weights decide how often something is drawn', () => {
  const random = new Random(1);
  const drawn = Array.from({ length: 1_000 }, () =>
    random.weighted([
      [9, 'often'],
      [1, 'rarely'],
      [0, 'never'],
    ] as const),
  );
  expect(drawn.filter((each) => each === 'often').length).toBeGreaterThan(850);
  expect(drawn).toContain('rarely');
  expect(drawn).not.toContain('never');
});

test('ids are UUIDs of version 7 for their instant, and differ', () => {
  const random = new Random(1);
  const ids = Array.from({ length: 1_000 }, () => random.idAt(1_700_000_000_000));
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) {
    expect(id).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
