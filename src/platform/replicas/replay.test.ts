import { beforeEach, expect, test } from 'vitest';
import { Replay } from './replay.ts';

let now: number;
let replay: Replay;
beforeEach(() => {
  now = 10_000;
  replay = new Replay(() => now);
});
const expectAt = (lsn: bigint): void => replay.expect({ lsn, server: 'a', askedAt: now });

test('nothing is known of one that was not looked at', () => {
  expect([replay.lsn, replay.ageMs, replay.lagMs]).toEqual([0n, Infinity, Infinity]);
});

test('what is shown is as old as the question that it answers, however late the answer', () => {
  expectAt(100n);
  now += 300;
  replay.advance(100n);
  expect([replay.ageMs, replay.lagMs]).toEqual([300, 300]);
  now += 50;
  expect([replay.ageMs, replay.lagMs]).toEqual([350, 300]);
});

test('one that stands still grows old as soon as something is written, and not before', () => {
  expectAt(100n);
  replay.advance(100n);
  now += 5_000;
  expectAt(100n);
  expect([replay.ageMs, replay.lagMs]).toEqual([0, 0]);
  now += 200;
  expectAt(101n);
  now += 700;
  expectAt(102n);
  expect([replay.ageMs, replay.lagMs]).toEqual([900, 700]);
});

test('one that is always late is as old as the latest that it shows', () => {
  for (let lsn = 1n; lsn <= 200n; lsn += 1n) {
    expectAt(lsn);
    now += 200;
  }
  replay.advance(196n);
  expect([replay.ageMs, replay.lagMs]).toEqual([1_000, 800]);
});

test('who waits is told when it is there', async () => {
  expectAt(100n);
  replay.advance(100n);
  expect(await replay.reach(100n)).toBe(true);
  const waiting = [replay.reach(101n), replay.reach(102n)];
  expect(replay.isAwaited).toBe(true);
  replay.advance(101n);
  expect(await waiting[0]).toBe(true);
  expect(await waiting[1]).toBe(false);
  expect(replay.isAwaited).toBe(false);
});

test('nobody waits for one that is late, or silent, or another one', async () => {
  expectAt(100n);
  replay.advance(100n);
  const waiting = replay.reach(101n);
  replay.giveUp();
  expect(await waiting).toBe(false);
  expectAt(101n);
  now += 101;
  expect(await replay.reach(101n)).toBe(false);
  replay.forget();
  expect([replay.lsn, replay.ageMs]).toEqual([0n, Infinity]);
});
