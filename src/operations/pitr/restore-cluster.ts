import { appendFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RefusedError } from '../../platform/errors/operation-error.ts';
import { ownFolder } from '../../platform/programs/own-postgres.ts';
import { systemUser } from '../../platform/programs/system-user.ts';
import { archiveSince } from './archive-since.ts';
import { type RecoveryTarget, targetArguments } from './recovery-target.ts';
import { type Repository, repositoryArguments, requirePgbackrest } from './repository.ts';

export interface ClusterRestoreOptions {
  readonly repository: Repository;
  /** A new or empty folder: never that of the live cluster. */
  readonly into: string;
  readonly target: RecoveryTarget;
  /** Folder of `pg_receivewal --synchronous`, for what the archive does not have yet. */
  readonly walFrom?: string | undefined;
  /** Whether a recovery to the end may stop at a gap in the archive, and lose what is behind it. */
  readonly acceptsGap?: boolean;
  /** 16 unless the cluster was made with another. */
  readonly segmentMegabytes?: number | undefined;
}

/** What a restore rests on. */
export interface ExaminedRestore {
  /** Of `pgbackrest restore`. */
  readonly args: readonly string[];
  /** The newest whole segment, which a recovery to the end has to reach; undefined where it goes to a target of its own. */
  readonly mustReach: string | undefined;
}

/** What keeps a restored cluster from doing harm, or from waiting for ever. */
const quarantine = `
# Restored: it waits for no standby that is not there, and archives nothing (archive_mode above). Before it is put into the place of
# the lost one: alter system set archive_mode = on; alter system reset synchronous_standby_names. Then brownie backup pitr full.
synchronous_standby_names = ''
`;

/**
 * Looks whether a cluster can be restored, and restores nothing. Throws RefusedError where the folder is not empty, the target
 * cannot be read, or a recovery to the end would end at a gap.
 */
export async function examineClusterRestore({
  repository,
  into,
  target,
  walFrom,
  acceptsGap = false,
  segmentMegabytes,
}: ClusterRestoreOptions): Promise<ExaminedRestore> {
  const dataDirectory = resolve(into);
  const targeting = targetArguments(target);
  if ((await readdir(dataDirectory).catch(() => [])).length > 0) {
    throw new RefusedError(`${dataDirectory} is not empty: restore into a new folder beside it, then switch`);
  }
  // @NOTE PostgreSQL takes a gap for the end, and says nothing. A target that is behind one it does not reach, and says so.
  const toEnd = target.type === 'latest' && !acceptsGap;
  const end = toEnd ? await archiveSince('newest', repository, { walFrom, segmentMegabytes }) : undefined;
  if (end !== undefined && end.gaps.length > 0) {
    throw new RefusedError(
      `The archive has a gap: ${end.gaps.join('; ')}. What is behind it would be lost: find the segment, or --accept-gap`,
    );
  }
  const args = [
    `--pg1-path=${dataDirectory}`,
    // @NOTE else it would archive into the repository that it came from, beside the live one.
    '--archive-mode=off',
    ...targeting,
    ...(walFrom === undefined
      ? []
      : [`--recovery-option=restore_command=${restoreCommand(repository, dataDirectory, walFrom)}`]),
  ];
  return { args, mustReach: end?.newest };
}

/**
 * Restores a cluster beside the live one. It starts nothing: when it is started, it recovers up to the target and takes
 * writes. Throws RefusedError as `examineClusterRestore` does, OperationError where pgBackRest cannot.
 */
export async function restoreCluster(options: ClusterRestoreOptions): Promise<ExaminedRestore> {
  const dataDirectory = resolve(options.into);
  const examined = await examineClusterRestore(options);
  await ownFolder(dataDirectory, await systemUser());
  await requirePgbackrest(options.repository, 'restore', examined.args);
  await appendFile(join(dataDirectory, 'postgresql.auto.conf'), quarantine);
  return examined;
}

/** The archive first; then what pg_receivewal has, whose newest segment is not full yet. */
function restoreCommand(repository: Repository, dataDirectory: string, walFrom: string): string {
  const folder = resolve(walFrom);
  if (!/^[\w/.-]+$/.test(folder)) {
    throw new RefusedError(
      `${folder}: a name with other characters than letters, digits, _ . - cannot be passed to PostgreSQL`,
    );
  }
  const archive = [
    'pgbackrest',
    ...repositoryArguments(repository),
    `--pg1-path=${dataDirectory}`,
    'archive-get',
    '%f',
    '"%p"',
  ];
  return `${archive.join(' ')} || cp ${folder}/%f "%p" || cp ${folder}/%f.partial "%p"`;
}
