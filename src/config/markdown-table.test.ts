import { expect, it } from 'vitest';
import { markdownTable } from './markdown-table.ts';

it('aligns the columns and escapes bars', () => {
  expect(
    markdownTable(
      ['A', 'Setting'],
      [
        ['a|b', 'c'],
        ['long', 'd'],
      ],
    ),
  ).toBe(
    ['| A    | Setting |', '| ---- | ------- |', '| a\\|b | c       |', '| long | d       |'].join('\n'),
  );
});
