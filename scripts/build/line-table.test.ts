import { encode } from '@jridgewell/sourcemap-codec';
import { expect, test } from 'vitest';
import { sourceLine } from '../../src/platform/process/source-lines.ts';
import { lineTable } from './line-table.ts';

test('a place in built code leads to the line of the source that it was made of', () => {
  const mappings = encode([
    [],
    [
      [0, 1, 9, 4],
      [7, 1, 9, 20],
      [12, 0, 2, 0],
    ],
    [[2, 1, 0, 0], [3], [5, 0, 3, 0]],
  ]);
  const table = lineTable({ mappings, sources: ['src/a b.ts', 'node_modules/b/index.js'] }).split('\n');
  expect(table.slice(1)).toEqual(['', '0:1:10 12:0:3', '2:1:1 3: 5:0:4']);
  const at = (line: number, column: number) =>
    sourceLine(table, line, column)?.replace(/^.*\/(?=src|node_m)/, '');
  expect(at(1, 1)).toBeUndefined();
  expect(at(2, 1)).toBe('node_modules/b/index.js:10');
  expect(at(2, 12)).toBe('node_modules/b/index.js:10');
  expect(at(2, 13)).toBe('src/a%20b.ts:3');
  expect(at(3, 2)).toBeUndefined();
  expect(at(3, 3)).toBe('node_modules/b/index.js:1');
  expect(at(3, 4)).toBeUndefined();
  expect(at(3, 6)).toBe('src/a%20b.ts:4');
  expect(at(99, 1)).toBeUndefined();
});
