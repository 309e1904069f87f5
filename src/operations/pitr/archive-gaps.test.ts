import { expect, test } from 'vitest';
import { archiveGaps } from './archive-gaps.ts';

const segment = (number: number, timeline = 1, perFile = 256): string =>
  [timeline, Math.floor(number / perFile), number % perFile]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
const range = (from: number, to: number, perFile = 256): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => segment(from + index, 1, perFile));

test.each([
  ['in one file', 16, range(2, 9)],
  ['over the end of a file', 16, range(250, 260)],
  ['of 64 MB each', 64, range(50, 80, 64)],
  ['on two timelines', 16, [...range(2, 5), segment(5, 2), segment(6, 2)]],
])('an archive %s goes on without a gap', (_name, segmentMegabytes, segments) => {
  expect(archiveGaps({ firstNeeded: [segments[0] ?? ''], segments, segmentMegabytes })).toEqual([]);
});

test('a gap is told by its neighbours', () => {
  const segments = range(2, 9).filter((each) => each !== segment(5));
  expect(archiveGaps({ firstNeeded: [segment(2)], segments })).toEqual([
    `1 segment is missing between ${segment(4)} and ${segment(6)}`,
  ]);
  expect(archiveGaps({ firstNeeded: [segment(2)], segments: [...range(2, 3), ...range(300, 301)] })).toEqual([
    `296 segments are missing between ${segment(3)} and ${segment(300)}`,
  ]);
});

test('what no backup needs may be gone, what one begins with may not', () => {
  expect(archiveGaps({ firstNeeded: [segment(7)], segments: [segment(2), ...range(7, 9)] })).toEqual([]);
  expect(archiveGaps({ firstNeeded: [segment(6)], segments: range(7, 9) })).toEqual([
    `segment ${segment(6)} is missing`,
  ]);
});

test('the way from one timeline to the next is part of it, until a backup begins on the newer one', () => {
  const failover = [...range(2, 5), segment(8, 2), segment(9, 2)];
  expect(archiveGaps({ firstNeeded: [segment(2)], segments: failover })).toEqual([
    `2 segments are missing between ${segment(5)} and ${segment(8, 2)}`,
  ]);
  expect(archiveGaps({ firstNeeded: [segment(2), segment(9, 2)], segments: failover })).toEqual([]);
});
