import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Position } from './primary-position.ts';
import { Replica } from './replica.ts';
import type { ReplicaLife } from './replica-life.ts';

/** What the server at the address of the replica says. */
let server: { isStandby: boolean; lsn: string | null; server: string; shows: boolean; isSilent: boolean };
let marks: string[];
let ended: string[];
let replica: Replica;

beforeEach(() => {
  server = { isStandby: true, lsn: '0/64', server: 'r', shows: true, isSilent: false };
  marks = [];
  ended = [];
  replica = new Replica({
    number: 1,
    probe: {
      query: async (statement) => {
        const { isSilent, shows, ...answer } = server;
        if (isSilent) {
          throw new Error('no answer');
        }
        const isOfMark = typeof statement === 'object' && statement.name === 'mark';
        const mark = isOfMark ? statement.values?.[0] : undefined;
        return { rows: [isOfMark ? { isSeen: shows && marks.includes(mark) } : answer] } as never;
      },
      [Symbol.asyncDispose]: async () => undefined,
    },
    primary: {
      leaveMark: async (mark) => {
        marks.push(mark);
        return leading;
      },
    },
    begin: (name) =>
      ({ server: name, busy: 0, end: async () => void ended.push(name) }) as unknown as ReplicaLife,
  });
});
afterEach(() => vi.restoreAllMocks());

let leading = 'p';
const positionOf = (of = leading): Position => ({ lsn: 100n, server: of, askedAt: performance.now() });
/** As often as it takes to leave a mark and to see it. */
async function look(of = leading): Promise<void> {
  leading = of;
  await replica.look(positionOf());
  await replica.look(positionOf());
  await replica.look(positionOf());
}

test('is read from once it shows a mark that was left at the primary', async () => {
  const looking = replica.look(positionOf());
  expect(replica.isUsable('p')).toBe(false);
  await looking;
  expect([replica.state.fault, replica.isUsable('p'), marks.length]).toEqual([null, true, 1]);
});

test('has the same numbers as one of another cluster, and is not taken for it', async () => {
  server.shows = false;
  await look();
  expect([replica.state.fault, replica.has(100n), replica.isUsable('p')]).toEqual([
    'not_following',
    true,
    false,
  ]);
  expect(marks).toHaveLength(1);
});

test('is passed over while it is silent, and shows a mark anew when it is back', async () => {
  await look();
  server.isSilent = true;
  await replica.look(positionOf());
  expect([replica.state, ended]).toEqual([{ number: 1, fault: 'no_answer', lagSeconds: null }, ['r']]);
  server = { ...server, isSilent: false, server: 'r2' };
  await look();
  expect([replica.state.fault, marks.length]).toEqual([null, 2]);
});

test('is passed over once what it shows is older than a second', async () => {
  await look();
  expect(replica.isUsable('p')).toBe(true);
  const later = performance.now() + 1_001;
  vi.spyOn(performance, 'now').mockReturnValue(later);
  expect([replica.state.fault, replica.isUsable('p')]).toEqual(['behind', false]);
});

test('shows a mark anew where another primary leads', async () => {
  await look();
  await replica.look(positionOf('q'));
  expect([replica.isUsable('p'), replica.isUsable('q')]).toEqual([false, false]);
  await look('q');
  expect([replica.isUsable('p'), replica.isUsable('q'), marks.length]).toEqual([false, true, 2]);
});

test('is taken as it is once it is the primary, and passed over where it leads others', async () => {
  await look('p');
  server = { ...server, isStandby: false, lsn: null };
  await look('p');
  expect(replica.state.fault).toBe('not_following');
  expect(marks).toHaveLength(1);
  await look('r');
  expect([replica.state, replica.isUsable('r'), replica.has(10_000n)]).toEqual([
    { number: 1, fault: null, lagSeconds: 0 },
    true,
    true,
  ]);
  const looking = replica.look(positionOf('q'));
  expect(replica.isUsable('q')).toBe(false);
  await looking;
  expect(replica.state.fault).toBe('not_following');
});
