import { RefusedError } from '../../platform/errors/operation-error.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import type { Repository } from './repository.ts';
import { repositoryInfo } from './repository-info.ts';

interface BaseBackup {
  readonly label: string;
  /** Unix time in seconds. */
  readonly timestamp: { readonly stop: number };
}

/**
 * The base backup that a recovery goes on from, by its label; undefined where pgBackRest has to find it, by the place in the
 * write-ahead log. Throws RefusedError where there is none that is old enough.
 */
export async function baseBackupFor(
  target: RecoveryTarget,
  repository: Repository,
): Promise<string | undefined> {
  return newestBefore(target, (await repositoryInfo(repository)).backup);
}

/** Of backups in the order in which they were made; as pgBackRest chooses. */
export function newestBefore(target: RecoveryTarget, backups: readonly BaseBackup[]): string | undefined {
  const at = target.type === 'time' ? moment(target.at) : Number.POSITIVE_INFINITY;
  const newest = backups.findLast(({ timestamp }) => timestamp.stop * 1000 < at);
  if (newest === undefined) {
    const [oldest] = backups;
    throw new RefusedError(
      oldest === undefined
        ? 'There is no base backup to go on from: `brownie backup pitr full` makes one'
        : `No base backup is as old: the first one ended at ${new Date(oldest.timestamp.stop * 1000).toISOString()}`,
    );
  }
  return target.type === 'lsn' ? undefined : newest.label;
}

/** @NOTE PostgreSQL's zones, `+02` and `+0200`, are not among those that every JavaScript reads. */
const moment = (at: string): number =>
  Date.parse(
    at.replace(' ', 'T').replace(/([+-]\d\d):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`),
  );
