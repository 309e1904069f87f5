import { expect, test } from 'vitest';
import { judgeReplicas, type ReplicaLook } from './database-replicas.ts';

const well: ReplicaLook = { place: 'db2:5432', fault: null, isStandby: true, isPaused: false, behind: 0 };

test('replicas that follow are well', () => {
  expect(judgeReplicas([well, well])).toMatchObject({
    severity: 'ok',
    finding: '2 of 2 replicas follow within a second',
  });
});

test.each([
  [{ fault: 'Nothing listens at db2:5432' }, 'Nothing listens at db2:5432'],
  [{ isStandby: false }, 'db2:5432 follows no primary'],
  [{ behind: 2_000 }, 'db2:5432 is more than a second behind: 2 KiB of WAL are not replayed'],
  [{ behind: 1, isPaused: true }, 'db2:5432 is paused: 1 KiB of WAL are not replayed'],
])('%j is said', (look, words) => {
  expect(judgeReplicas([well, { ...well, ...look }])).toMatchObject({
    severity: 'warning',
    finding: `1 of 2 replicas take no reads: ${words}`,
  });
});
