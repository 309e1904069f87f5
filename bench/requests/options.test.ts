import { expect, test } from 'vitest';
import { rows } from './catalogue.ts';
import { readOptions } from './options.ts';

test('rows that are named come with what they are compared with', () => {
  const { rows: chosen, connections } = readOptions(['--rows', 'user,create', '--connections', '1,8']);
  expect(chosen.map(({ name }) => name)).toEqual(['fastify-user', 'user', 'pgbench-create', 'create']);
  expect(connections).toEqual([1, 8]);
});

test.each([
  [['--rows', 'nobody'], 'there is no "nobody"; there are node-http, fastify,'],
  [['--seconds', '0'], '--seconds: "0" is not a whole number above 0'],
  [['--connections', '1,x'], '--connections: "x" is not'],
])('%j is refused in words', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('every row is compared with rows that there are, and has what its subject runs', () => {
  const names = rows.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { against = [], subject, requests, script } of rows) {
    expect(names).toEqual(expect.arrayContaining([...against]));
    expect(subject === 'pgbench' ? script : requests).toBeDefined();
  }
});
