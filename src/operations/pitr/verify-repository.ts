import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { archiveGaps } from './archive-gaps.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { type RepositoryReport, readReport } from './repository-report.ts';

const Info = Type.Array(
  Type.Object({
    name: Type.String(),
    archive: Type.Array(Type.Object({ id: Type.String(), database: Type.Object({ id: Type.Integer() }) })),
    backup: Type.Array(
      Type.Object({
        label: Type.String(),
        type: Type.Union([Type.Literal('full'), Type.Literal('incr'), Type.Literal('diff')]),
        archive: Type.Object({ start: Type.String() }),
        database: Type.Object({ id: Type.Integer() }),
        /** Unix time in seconds. */
        timestamp: Type.Object({ start: Type.Integer(), stop: Type.Integer() }),
        info: Type.Object({ size: Type.Integer() }),
      }),
    ),
  }),
);

/** What is in a repository, by its own account. Throws OperationError where pgBackRest does not say. */
export async function repositoryInfo(repository: Repository) {
  const info: unknown = JSON.parse(await requirePgbackrest(repository, 'info', ['--output=json']));
  const stanza = Value.Check(Info, info) ? info.find(({ name }) => name === repository.stanza) : undefined;
  if (stanza === undefined) {
    throw new OperationError(
      `pgbackrest info tells nothing of the stanza "${repository.stanza}": \`brownie backup pitr setup\` makes it`,
    );
  }
  return stanza;
}

/**
 * Reads every file of a repository and compares it with its checksum, and looks for gaps in the archive. A repository
 * without a backup is one with a fault.
 * @NOTE pgBackRest 2.45 ends `verify` with 0 whatever it finds: its words are read, not its exit code.
 */
export async function verifyRepository(
  repository: Repository,
  { segmentMegabytes = 16 } = {},
): Promise<RepositoryReport> {
  const report = readReport(await requirePgbackrest(repository, 'verify', ['--output=text', '--verbose']));
  const { backup } = await repositoryInfo(repository);
  if (backup.length === 0) {
    return { ...report, faults: [...report.faults, 'there is no backup'] };
  }
  const gaps = await gapsSince('oldest', repository, { segmentMegabytes });
  return { ...report, faults: [...report.faults, ...gaps] };
}

/**
 * The gaps in the archive from a base backup on, in words. @NOTE an archive is of one version of PostgreSQL and one
 * cluster; the newest is the one that goes on.
 */
export async function gapsSince(
  which: 'oldest' | 'newest',
  repository: Repository,
  { segmentMegabytes = 16 } = {},
): Promise<string[]> {
  const { archive, backup } = await repositoryInfo(repository);
  const current = archive.at(-1);
  const needed = backup.flatMap(({ archive: { start }, database }) =>
    database.id === current?.database.id ? [start] : [],
  );
  return current === undefined
    ? ['there is no archive']
    : archiveGaps({
        firstNeeded: which === 'newest' ? needed.slice(-1) : needed,
        segments: await segmentsOf(repository, current.id),
        segmentMegabytes,
      });
}

async function segmentsOf(repository: Repository, archiveId: string): Promise<string[]> {
  const { configFile, stanza } = repository;
  const listed: unknown = JSON.parse(
    await requirePgbackrest({ configFile, stanza }, 'repo-ls', [
      '--recurse',
      '--output=json',
      `archive/${stanza}/${archiveId}`,
    ]),
  );
  return Object.keys(listed as object).flatMap((path) => {
    const [, segment] = /(?:^|\/)([0-9A-F]{24})-[0-9a-f]{40}/.exec(path) ?? [];
    return segment === undefined ? [] : [segment];
  });
}
