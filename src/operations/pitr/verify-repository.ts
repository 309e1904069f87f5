import { archiveSince, type GapsOptions } from './archive-since.ts';
import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './repository-info.ts';
import { type RepositoryReport, readReport } from './repository-report.ts';

/**
 * Reads every file of a repository and compares it with its checksum, and looks for gaps in the archive. A repository
 * without a backup is one with a fault.
 * @NOTE pgBackRest 2.45 ends `verify` with 0 whatever it finds: its words are read, not its exit code.
 */
export async function verifyRepository(
  repository: Repository,
  { segmentMegabytes = 16 }: GapsOptions = {},
): Promise<RepositoryReport> {
  const report = readReport(await requirePgbackrest(repository, 'verify', ['--output=text', '--verbose']));
  const { backup } = await repositoryInfo(repository);
  if (backup.length === 0) {
    return { ...report, faults: [...report.faults, 'there is no backup'] };
  }
  const { gaps } = await archiveSince('oldest', repository, { segmentMegabytes });
  return { ...report, faults: [...report.faults, ...gaps] };
}
