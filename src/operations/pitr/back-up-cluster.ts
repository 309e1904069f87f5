import { archiveSince } from './archive-since.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './repository-info.ts';

export interface ClusterBackup {
  readonly label: string;
  /** @NOTE an incremental backup without a full one to go on from becomes a full one. */
  readonly type: 'full' | 'incr' | 'diff';
  readonly finishedAt: Date;
  /** Of the cluster. */
  readonly bytes: number;
  /** What pgBackRest found damaged in the cluster while it copied it, in words. */
  readonly damages: readonly string[];
  /** In the archive, between the backup before and this one, in words: no moment in them can be gone back to. */
  readonly gapsBefore: readonly string[];
}

/**
 * Makes a base backup. What is older than the retention goes. Throws OperationError where pgBackRest fails.
 * @NOTE pgBackRest 2.45 ends with 0 where pages of the cluster do not fit their checksums, and copies them as they are: what it
 * says of the backup is read.
 */
export async function backUpCluster(repository: Repository, type: 'full' | 'incr'): Promise<ClusterBackup> {
  const before = (await repositoryInfo(repository)).backup;
  const gapsBefore = before.length === 0 ? [] : (await archiveSince('newest', repository)).gaps;
  const said = await requirePgbackrest(repository, 'backup', [`--type=${type}`]);
  const newest = (await repositoryInfo(repository)).backup.at(-1);
  if (newest === undefined || newest.label === before.at(-1)?.label) {
    throw new Error('pgbackrest made a backup that it does not know');
  }
  const { label, type: made, timestamp, info, error } = newest;
  return {
    label,
    type: made,
    finishedAt: new Date(timestamp.stop * 1000),
    bytes: info.size,
    damages: error === true ? damagesIn(said) : [],
    gapsBefore,
  };
}

/** `WARN: invalid page checksum found in file …/base/5/16384 at page 0` */
function damagesIn(output: string): string[] {
  const found = output
    .split('\n')
    .flatMap((line) => /WARN: (invalid page checksums? found .*)$/.exec(line)?.[1] ?? []);
  return found.length === 0 ? ['pages do not fit their checksums'] : found;
}
