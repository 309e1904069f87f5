import { expect, test } from 'vitest';
import { WalReader } from './wal-commits.ts';

// What pg_waldump 15 printed, shortened.
const heap = (tx: number, what: string, file: number, database = 5): string =>
  `rmgr: Heap        len (rec/tot):     54/    54, tx:        ${tx}, lsn: 0/0177D2D8, prev 0/0177D2A8, desc: ${what} off 43 flags 0x00 KEYS_UPDATED , blkref #0: rel 1663/${database}/${file} blk 0`;
const lock = (tx: number, oid: number): string =>
  `rmgr: Standby     len (rec/tot):     42/    42, tx:        ${tx}, lsn: 0/0177D278, prev 0/0177D248, desc: LOCK xid ${tx} db 5 rel ${oid} `;
const end = (tx: number, desc: string): string =>
  `rmgr: Transaction len (rec/tot):   1245/  1245, tx:        ${tx}, lsn: 0/0177DAF0, prev 0/0177DAB8, desc: ${desc}`;
const at = 'COMMIT 2026-11-30 08:43:46.206675 UTC';

function commitsIn(...lines: string[]) {
  const reader = new WalReader(5);
  return lines.flatMap((line) => reader.read(line) ?? []);
}

test('rows are counted by table, with those of transactions below, up to the commit', () => {
  const lines = [
    ...[heap(7, 'DELETE', 16384), heap(8, 'DELETE', 16384), heap(7, 'HOT_UPDATE', 16390)],
    ...[heap(9, 'DELETE', 16384), heap(7, 'DELETE', 16384, 6), heap(7, 'INSERT', 16384)],
    end(9, 'ABORT 2026-11-30 08:43:46.1 UTC'),
  ];
  expect(commitsIn(...lines, end(7, `${at}; subxacts: 8`))).toEqual([
    {
      committedAt: '2026-11-30T08:43:46.206675Z',
      transaction: 7,
      before: '0/0177DAB8',
      changes: [
        { kind: 'delete', relation: 16384, rows: 2 },
        { kind: 'update', relation: 16390, rows: 1 },
      ],
    },
  ]);
});

test('a table that was dropped is told from one that was emptied', () => {
  const dropped = `${at}; rels: base/5/16391 base/5/16392; dropped stats: 2/5/16387 2/5/16384 2/6/9; inval msgs: catcache 32`;
  expect(commitsIn(lock(7, 16384), end(7, dropped))[0]?.changes).toEqual([
    { kind: 'drop', relation: 16387, rows: 0 },
    { kind: 'drop', relation: 16384, rows: 0 },
  ]);
  const emptied = `${at}; rels: base/5/16388 base/5/16389; inval msgs: relcache 16384`;
  expect(commitsIn(lock(7, 16384), end(7, emptied))[0]?.changes).toEqual([
    { kind: 'truncate', relation: 16384, rows: 0 },
  ]);
});

test('what changed nothing of the kind is not told, nor what other lines say', () => {
  expect(commitsIn('first record is after 0/1000000', lock(7, 16384), end(7, at), end(8, at))).toEqual([]);
});
