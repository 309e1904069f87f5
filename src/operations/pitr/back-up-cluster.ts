import { type Repository, requirePgbackrest } from './repository.ts';
import { repositoryInfo } from './verify-repository.ts';

export interface ClusterBackup {
  readonly label: string;
  /** @NOTE an incremental backup without a full one to go on from becomes a full one. */
  readonly type: 'full' | 'incr' | 'diff';
  readonly finishedAt: Date;
  /** Of the cluster. */
  readonly bytes: number;
}

/** Makes a base backup. What is older than the retention goes. Throws OperationError where pgBackRest fails. */
export async function backUpCluster(repository: Repository, type: 'full' | 'incr'): Promise<ClusterBackup> {
  await requirePgbackrest(repository, 'backup', [`--type=${type}`]);
  const newest = (await repositoryInfo(repository)).backup.at(-1);
  if (newest === undefined) {
    throw new Error('pgbackrest made a backup that it does not know');
  }
  const { label, type: made, timestamp, info } = newest;
  return { label, type: made, finishedAt: new Date(timestamp.stop * 1000), bytes: info.size };
}
