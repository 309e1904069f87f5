import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { draftName } from './backup-files.ts';
import type { StoredBackup } from './stored-backup.ts';

/** The good ones that stay, however old. */
const goodOnesKept = 3;
const dayMs = 86_400_000;

/**
 * Those that may go: older than the retention, and none of the newest three good ones. A damaged one goes by its age,
 * too, and vouches for nobody.
 */
export function prunable(backups: readonly StoredBackup[], retentionDays: number, now: Date): StoredBackup[] {
  const kept = new Set(
    backups
      .filter(({ faults }) => faults.length === 0)
      .toSorted((a, b) => b.name.localeCompare(a.name))
      .slice(0, goodOnesKept),
  );
  const limit = now.getTime() - retentionDays * dayMs;
  return backups.filter((backup) => !kept.has(backup) && madeAt(backup) < limit);
}

/** Removes a backup. @NOTE first its name: half a backup must not look like one. */
export async function removeBackup({ name, path }: StoredBackup): Promise<void> {
  const doomed = join(path, '..', draftName(name));
  await rename(path, doomed);
  await rm(doomed, { recursive: true, force: true });
}

function madeAt({ name }: StoredBackup): number {
  const [, year, month, day, hour, minute, second] =
    /^backup_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
