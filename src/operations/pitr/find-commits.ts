import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError, RefusedError } from '../../platform/errors/operation-error.ts';
import { ownFolder } from '../../platform/programs/own-postgres.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { systemUser } from '../../platform/programs/system-user.ts';
import { archivedSegments } from './archive-since.ts';
import { type Repository, reasonIn, runPgbackrest } from './repository.ts';
import { type WalCommit, WalReader } from './wal-commits.ts';
import { firstPlaceOf, numberOf, timelineOf } from './wal-segment.ts';

export interface FindOptions {
  readonly repository: Repository;
  /** The oid of the database. */
  readonly database: number;
  readonly since: Date;
  readonly until: Date;
  /** 16 unless the cluster was made with another. */
  readonly segmentMegabytes: number;
}

/**
 * What the transactions of a span did that dropped, emptied, deleted or changed, from the segments that were archived since its
 * beginning; in the order in which they were committed. Throws RefusedError where there is none, OperationError where one cannot be
 * read. @NOTE one after the other, in a folder for the user of PostgreSQL alone: they hold rows of everybody.
 */
export async function findCommits(options: FindOptions): Promise<WalCommit[]> {
  const { repository, since, until, segmentMegabytes } = options;
  const segments = await archivedSegments(repository, since);
  if (segments.length === 0) {
    throw new RefusedError(
      `Nothing was archived since ${since.toISOString()}: \`brownie backup pitr check\` has the rest archived`,
    );
  }
  const user = await systemUser();
  const folder = await mkdtemp(join(tmpdir(), 'brownie-wal-'));
  const found: WalCommit[] = [];
  try {
    await ownFolder(folder, user);
    const reader = new WalReader(options.database);
    let previous: string | undefined;
    for (const segment of segments) {
      const got = await runPgbackrest(repository, 'archive-get', [
        segment,
        join(folder, segment),
        '--no-archive-async',
      ]);
      if (got.code !== 0) {
        throw new OperationError(`${segment} cannot be read: ${reasonIn(`${got.stdout}${got.stderr}`)}`);
      }
      const goesOn =
        previous !== undefined &&
        timelineOf(previous) === timelineOf(segment) &&
        numberOf(segment, segmentMegabytes) === numberOf(previous, segmentMegabytes) + 1;
      // @NOTE from the last record that was read: the next one may begin in the segment before, and end in this one.
      const from = (goesOn ? reader.lastLsn : undefined) ?? firstPlaceOf(segment, segmentMegabytes);
      const last = reader.lastLsn;
      for (const line of await dump(folder, segment, { from, segmentMegabytes, user })) {
        const commit = line.includes(`lsn: ${last},`) ? undefined : reader.read(line);
        if (commit !== undefined) {
          found.push(commit);
        }
      }
      await (previous === undefined ? undefined : rm(join(folder, previous), { force: true }));
      previous = segment;
      if (found.some(({ committedAt }) => Date.parse(committedAt) > until.getTime())) {
        break;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return found.filter(
    ({ committedAt }) =>
      Date.parse(committedAt) >= since.getTime() && Date.parse(committedAt) <= until.getTime(),
  );
}

/** The lines of pg_waldump, up to the end of a segment. */
async function dump(
  folder: string,
  segment: string,
  {
    from,
    segmentMegabytes,
    user,
  }: {
    readonly from: string;
    readonly segmentMegabytes: number;
    readonly user: Awaited<ReturnType<typeof systemUser>>;
  },
): Promise<string[]> {
  const { code, stdout, stderr } = await runToEnd(
    'pg_waldump',
    [
      `--path=${folder}`,
      `--timeline=${Number.parseInt(timelineOf(segment), 16)}`,
      `--start=${from}`,
      `--end=${firstPlaceOf(segment, segmentMegabytes, 1)}`,
    ],
    { user, environment: { TZ: 'UTC' } },
  );
  if (code !== 0) {
    throw new OperationError(`${segment} cannot be read: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  }
  return stdout.split('\n');
}
