import { expect, test } from 'vitest';
import { backupName } from './backup-files.ts';
import { prunable } from './prune-backups.ts';

const now = new Date('2025-10-24T12:00:00Z');
const aged = (days: number, faults: readonly string[] = []) => {
  const name = backupName(new Date(now.getTime() - days * 86_400_000));
  return { name, path: `/backups/${name}`, bytes: 1, manifest: undefined, faults };
};
const pruned = (...backups: ReturnType<typeof aged>[]) => prunable(backups, 30, now);

test('what is older than the retention goes, once three newer good ones are there', () => {
  const old = [aged(31), aged(45)];
  expect(pruned(aged(0), aged(1), aged(29), ...old)).toEqual(old);
});

test('the last three good ones stay, however old', () => {
  const old = [aged(400), aged(401), aged(402), aged(403)];
  expect(pruned(...old)).toEqual([old[3]]);
});

test('a damaged backup does not count as good, and goes by its age', () => {
  const damaged = [aged(0, ['changed']), aged(31, ['changed'])];
  expect(pruned(...damaged, aged(40), aged(41), aged(42))).toEqual([damaged[1]]);
});

test('nothing within the retention goes', () => {
  expect(pruned(aged(0), aged(1), aged(2), aged(3), aged(29.9))).toEqual([]);
});
