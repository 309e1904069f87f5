import { expect, test } from 'vitest';
import { alerts } from '../catalogue.ts';
import { runbookIndex } from './runbook-index.ts';

test('every alert says in words when it fires, for each of its severities', () => {
  const rows = [...runbookIndex().matchAll(/^\| \[(\w+)\]\(\w+\.md\) \| \w+ \| (.+?) \| .+ \|$/gm)];
  const expected = alerts.flatMap(({ name, rules }) =>
    [...new Set(rules.map(({ severity }) => severity))].map(() => name),
  );

  expect(rows.map(([, name]) => name).toSorted()).toEqual(expected.toSorted());
  expect(rows.filter(([, , when]) => when === 'undefined')).toEqual([]);
});
