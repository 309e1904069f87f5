import { numberOf, timelineOf } from './wal-segment.ts';

/** The first segment of the write-ahead log that each backup needs, and every one that is there: `000000010000000000000002`. */
export interface ArchiveContents {
  readonly firstNeeded: readonly string[];
  readonly segments: readonly string[];
  /** 16 unless the cluster was made with another (`show wal_segment_size`). */
  readonly segmentMegabytes?: number | undefined;
}

/**
 * Which segments are missing, in words; empty where the archive goes on without a gap, on each timeline and from one to the
 * next, from the oldest backup to the end. @NOTE `pgbackrest verify` 2.45 says "ok" to such a gap, and a restore ends at it.
 */
export function archiveGaps({ firstNeeded, segments, segmentMegabytes = 16 }: ArchiveContents): string[] {
  const known = new Set(segments);
  const oldest = firstNeeded.toSorted()[0];
  const newestTimeline = firstNeeded.map(timelineOf).toSorted().at(-1) ?? '';
  const missing = firstNeeded
    .filter((segment) => !known.has(segment))
    .map((segment) => `segment ${segment} is missing`);
  const numbered = [...known].toSorted().filter((segment) => oldest === undefined || segment >= oldest);
  for (const [index, segment] of numbered.entries()) {
    const next = numbered[index + 1];
    // @NOTE a backup of the newer timeline makes the way to it from the older one needless.
    if (
      next === undefined ||
      (timelineOf(next) !== timelineOf(segment) && timelineOf(next) <= newestTimeline)
    ) {
      continue;
    }
    // Of the same number on the next timeline: there it forked. A lower one: the older timeline went on for a while.
    const gap = numberOf(next, segmentMegabytes) - numberOf(segment, segmentMegabytes) - 1;
    if (gap > 0) {
      missing.push(
        `${gap === 1 ? '1 segment is' : `${gap} segments are`} missing between ${segment} and ${next}`,
      );
    }
  }
  return missing;
}
