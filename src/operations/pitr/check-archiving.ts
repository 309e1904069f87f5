import { openDatabaseSession } from '../backup/database/index.ts';
import { archiveSince } from './archive-since.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './repository-info.ts';

/** What keeps a recovery from what it is meant to reach, in words. */
export interface ArchiveFindings {
  /** Since the newest full backup: what is behind one is lost to a recovery to the end. */
  readonly gaps: readonly string[];
  /** What would make it miss the objective. */
  readonly warnings: readonly string[];
}

interface Archiver {
  readonly mode: string;
  readonly timeoutSeconds: number;
  readonly failedSinceSuccess: boolean;
  readonly lastFailedWal: string | null;
  readonly segmentMegabytes: number;
}

const dayMs = 86_400_000;

/**
 * Has PostgreSQL write a segment and waits until it is in the repository, then looks for gaps and at what would make it miss the
 * objective. Throws OperationError where the segment does not arrive.
 * @param dsn of the server
 */
export async function checkArchiving(repository: Repository, dsn: string): Promise<ArchiveFindings> {
  await requirePgbackrest(repository, 'check');
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<Archiver>(
    `select current_setting('archive_mode') as mode,
            (select setting::int from pg_settings where name = 'archive_timeout') as "timeoutSeconds",
            coalesce(last_failed_time > last_archived_time, false) as "failedSinceSuccess",
            last_failed_wal as "lastFailedWal",
            (pg_size_bytes(current_setting('wal_segment_size')) / 1048576)::int as "segmentMegabytes"
     from pg_stat_archiver`,
  );
  const [archiver] = rows;
  const { backup } = await repositoryInfo(repository);
  const newest = backup.at(-1);
  const ageDays =
    newest === undefined ? Number.POSITIVE_INFINITY : (Date.now() - newest.timestamp.stop * 1000) / dayMs;
  const timeout = archiver?.timeoutSeconds ?? 0;
  const { gaps } = await archiveSince('newest full', repository, {
    segmentMegabytes: archiver?.segmentMegabytes,
  });
  const warnings = [
    ...(timeout === 0 || timeout > 60
      ? [`archive_timeout is ${timeout} s: a quiet hour is lost with the server; set 30s`]
      : []),
    ...(archiver?.failedSinceSuccess ? [`the last attempt to archive ${archiver.lastFailedWal} failed`] : []),
    ...(newest === undefined
      ? ['there is no backup to start from: `brownie backup pitr full`']
      : ageDays > 8
        ? [
            `the newest backup is ${Math.floor(ageDays)} days old: a recovery replays all since; make one each week`,
          ]
        : []),
  ];
  return { gaps, warnings };
}
