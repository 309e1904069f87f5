import { readdir } from 'node:fs/promises';
import { archiveGaps } from './archive-gaps.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './repository-info.ts';

export interface GapsOptions {
  /** 16 unless the cluster was made with another (`show wal_segment_size`). */
  readonly segmentMegabytes?: number | undefined;
  /** Folder of `pg_receivewal`, for what the archive does not have yet. */
  readonly walFrom?: string | undefined;
}

/** The base backup that a recovery begins with; `newest full`: or the newest, where none is full. */
type Since = 'oldest' | 'newest full' | 'newest';

/** Where an archive goes on from a base backup, and where it ends. */
export interface ArchiveEnd {
  /** In words; empty where nothing is missing. */
  readonly gaps: readonly string[];
  /** The name of the newest segment that is whole; undefined where there is none. */
  readonly newest: string | undefined;
}

/**
 * Looks for gaps in the archive from a base backup on. @NOTE an archive is of one version of PostgreSQL and one cluster; the
 * newest is the one that goes on.
 */
export async function archiveSince(
  since: Since,
  repository: Repository,
  { segmentMegabytes, walFrom }: GapsOptions = {},
): Promise<ArchiveEnd> {
  const { archive, backup } = await repositoryInfo(repository);
  const current = archive.at(-1);
  if (current === undefined) {
    return { gaps: ['there is no archive'], newest: undefined };
  }
  const ours = backup.filter(({ database }) => database.id === current.database.id);
  const newest = since === 'newest full' ? ours.findLast(({ type }) => type === 'full') : undefined;
  const from = since === 'oldest' ? ours : [newest ?? ours.at(-1)].filter((each) => each !== undefined);
  const received = walFrom === undefined ? [] : await readdir(walFrom);
  const whole = [
    ...(await segmentsOf(repository, current.id)),
    ...received.filter((name) => isWhole.test(name)),
  ];
  const begun = received.flatMap((name) => isBegun.exec(name)?.[1] ?? []);
  return {
    gaps: archiveGaps({
      firstNeeded: from.map(({ archive: { start } }) => start),
      segments: [...whole, ...begun],
      segmentMegabytes,
    }),
    newest: whole.toSorted().at(-1),
  };
}

const isWhole = /^[0-9A-F]{24}$/;
const isBegun = /^([0-9A-F]{24})\.partial$/;

/** The names of the segments that were archived since a moment, in the order of the log. */
export async function archivedSegments(repository: Repository, since: Date): Promise<string[]> {
  const current = (await repositoryInfo(repository)).archive.at(-1);
  const all = current === undefined ? [] : await listSegments(repository, current.id);
  return all
    .filter(({ archivedAt }) => archivedAt * 1000 >= since.getTime() - 1000)
    .map(({ name }) => name)
    .toSorted();
}

async function segmentsOf(repository: Repository, archiveId: string): Promise<string[]> {
  return (await listSegments(repository, archiveId)).map(({ name }) => name);
}

/** Each with when it came into the repository, as Unix time in seconds. */
async function listSegments(
  { configFile, stanza }: Repository,
  archiveId: string,
): Promise<{ name: string; archivedAt: number }[]> {
  const listed = JSON.parse(
    await requirePgbackrest({ configFile, stanza }, 'repo-ls', [
      '--recurse',
      '--output=json',
      `archive/${stanza}/${archiveId}`,
    ]),
  ) as Readonly<Record<string, { readonly time: number }>>;
  return Object.entries(listed).flatMap(([path, { time }]) => {
    const [, name] = /(?:^|\/)([0-9A-F]{24})-[0-9a-f]{40}/.exec(path) ?? [];
    return name === undefined ? [] : [{ name, archivedAt: time }];
  });
}
