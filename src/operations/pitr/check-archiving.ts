import { openDatabaseSession } from '../backup/database/index.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './verify-repository.ts';

interface Archiver {
  readonly mode: string;
  readonly timeoutSeconds: number;
  readonly failedSinceSuccess: boolean;
  readonly lastFailedWal: string | null;
}

const dayMs = 86_400_000;

/**
 * Has PostgreSQL write a segment and waits until it is in the repository, then looks at what would make it miss the
 * objective. Throws OperationError where the segment does not arrive; answers warnings, in words.
 * @param dsn of the server
 */
export async function checkArchiving(repository: Repository, dsn: string): Promise<string[]> {
  await requirePgbackrest(repository, 'check');
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<Archiver>(
    `select current_setting('archive_mode') as mode,
            (select setting::int from pg_settings where name = 'archive_timeout') as "timeoutSeconds",
            coalesce(last_failed_time > last_archived_time, false) as "failedSinceSuccess",
            last_failed_wal as "lastFailedWal"
     from pg_stat_archiver`,
  );
  const [archiver] = rows;
  const { backup } = await repositoryInfo(repository);
  const newest = backup.at(-1);
  const ageDays =
    newest === undefined ? Number.POSITIVE_INFINITY : (Date.now() - newest.timestamp.stop * 1000) / dayMs;
  const timeout = archiver?.timeoutSeconds ?? 0;
  return [
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
}
