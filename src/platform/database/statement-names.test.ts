import { expect, test } from 'vitest';
import { StatementNames } from './statement-names.ts';

test('each text has a name of its own, the same every time, that PostgreSQL keeps whole', () => {
  const names = new StatementNames();
  const [a, b] = [names.nameOf('select 1'), names.nameOf('select 2')];
  expect(a).toMatch(/^s-[\w-]{24}$/);
  expect(b).not.toBe(a);
  expect([names.nameOf('select 1'), names.nameOf('select 2')]).toEqual([a, b]);
});

test('two who share a connection give the same name to the same text alone', () => {
  const [one, other] = [new StatementNames(), new StatementNames()];
  expect(one.nameOf('select 1')).not.toBe(other.nameOf('select 2'));
  expect(other.nameOf('select 1')).toBe(one.nameOf('select 1'));
});

test('past 500 texts a new one goes without a name, and the known ones keep theirs', () => {
  const names = new StatementNames();
  const given = Array.from({ length: 500 }, (_, index) => names.nameOf(`select ${index}`));
  expect(new Set(given).size).toBe(500);
  expect(names.nameOf('select 500')).toBeUndefined();
  expect(names.nameOf('select 0')).toBe(given[0]);
});
