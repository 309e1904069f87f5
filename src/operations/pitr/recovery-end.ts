import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { type Check, checkOf } from '../backup/verify/index.ts';
import { numberAt, numberOf, timelineOf } from './wal-segment.ts';

/** Where a recovery stopped replaying. */
export interface RecoveryEnd {
  /** As in the name of a segment: `00000001`. */
  readonly timeline: string;
  readonly lsn: string;
}

/**
 * Where the recovery of a cluster ended: by the history of the timeline that it went on with, whose last line says where that
 * left the one before. Throws OperationError where it has recovered nothing.
 */
export async function recoveryEnd(dataDirectory: string): Promise<RecoveryEnd> {
  const folder = join(resolve(dataDirectory), 'pg_wal');
  const newest = (await readdir(folder))
    .filter((name) => name.endsWith('.history'))
    .toSorted()
    .at(-1);
  const lines = newest === undefined ? '' : await readFile(join(folder, newest), 'utf8');
  const [, timeline, lsn] =
    /^(\d+)\t([\dA-F]+\/[\dA-F]+)\t/.exec(lines.trim().split('\n').at(-1) ?? '') ?? [];
  if (timeline === undefined || lsn === undefined) {
    throw new OperationError(`${folder} does not say where the recovery ended`);
  }
  return { timeline: Number(timeline).toString(16).toUpperCase().padStart(8, '0'), lsn };
}

/**
 * Whether a recovery to the end got there. @NOTE PostgreSQL takes every segment that it cannot have for the end: one that is
 * missing, that is damaged, or that the repository could not give at that moment. It opens the database, and says nothing.
 * @param newest the name of the segment
 */
export function judgeRecoveryEnd(
  { timeline, lsn }: RecoveryEnd,
  newest: string,
  segmentMegabytes = 16,
): Check {
  const isReached =
    timeline === timelineOf(newest) && numberAt(lsn, segmentMegabytes) >= numberOf(newest, segmentMegabytes);
  return checkOf(
    'end of the archive',
    isReached
      ? []
      : [
          `the recovery ended at ${lsn} of timeline ${timeline}, before segment ${newest}: what is behind it is missing here. ` +
            'A segment in between is damaged or could not be read: `brownie backup pitr verify`',
        ],
    `recovered to ${lsn}, in or behind ${newest}`,
  );
}
