import { join } from 'node:path';
import { restoreBackup } from '../operations/backup/restore/index.ts';
import { storedBackup, storedBackups } from '../operations/backup/store/index.ts';
import { createCluster, ownFolder, startOwnPostgres } from '../platform/programs/own-postgres.ts';
import { runBrownie } from '../platform/programs/run-brownie.ts';
import { systemUser } from '../platform/programs/system-user.ts';
import { freePort } from '../platform/system/free-port.ts';
import type { BackupsToDrill, Drill, DrillHarness, Figure } from './drill.ts';
import { letThrough, startDebianPostgres } from './harness/debian-postgres.ts';

/** RTO 15 minutes; a backup a day, and two hours to make it. */
const limits = { rtoSeconds: 900, ageSeconds: 26 * 3600 };

/**
 * The newest backup, brought back on a server of its own and verified. Where METADATA_BACKUP_DIR names backups it is one of
 * those, and the success is noted for the alert; else one is made first, so that the procedure itself is exercised.
 */
export const restore: Drill = {
  name: 'restore',
  shows:
    'The newest backup comes back on a server of its own, row for row, sound, and the service runs on it.',
  programs: ['postgres', 'initdb', 'pg_dump', 'pg_restore'],
  run: async (harness) => {
    await letThrough(harness.directory);
    const named = harness.backups?.();
    const backups = named ?? (await ownBackups(harness));
    const all = await storedBackups(backups.directory);
    const damaged = all.filter(({ faults }) => faults.length > 0);
    for (const { name, faults } of damaged) {
      harness.say(`${name} is damaged: ${faults.join('; ')}`);
    }
    const { figures, succeeded } = await bringBack(harness, backups);
    const isSound = figures.every(({ value, atMost = value }) => value <= atMost);
    if (isSound) {
      await named?.noteSuccess?.(succeeded);
    }
    return [
      { name: 'backups', value: all.length, unit: 'backups', atLeast: 1 },
      { name: 'of them damaged', value: damaged.length, unit: 'backups', atMost: 0 },
      ...figures,
    ];
  },
};

async function bringBack(
  { directory, say }: DrillHarness,
  { directory: folder, identityPath, secrets }: BackupsToDrill,
) {
  const startedAt = Date.now();
  const user = await systemUser();
  const scratch = await ownFolder(join(directory, 'scratch'), user);
  const dataDirectory = join(scratch, 'data');
  const password = await createCluster(dataDirectory, user);
  const port = await freePort();
  await using server = await startOwnPostgres({ dataDirectory, directory: scratch, port, user });
  await server.ready(60_000);
  const backup = await storedBackup(folder, 'latest');
  const dsn = `postgresql://postgres:${password}@127.0.0.1:${port}/brownie`;
  const { checks, manifest } = await restoreBackup({ backup, dsn, identityPath, secrets, say });
  const finishedAt = Date.now();
  const failed = checks.filter(({ isOk }) => !isOk);
  for (const { name, detail } of failed) {
    say(`${name}: ${detail}`);
  }
  const rtoSeconds = (finishedAt - startedAt) / 1000;
  const rpoSeconds = (startedAt - Date.parse(manifest.takenAt)) / 1000;
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const figures: Figure[] = [
    { name: 'rows restored and compared', value: rows, unit: 'rows', atLeast: 1 },
    { name: 'checks that failed', value: failed.length, unit: `of ${checks.length} checks`, atMost: 0 },
    { name: 'from nothing to a verified database', value: rtoSeconds, unit: 's', atMost: limits.rtoSeconds },
    { name: 'age of the backup', value: rpoSeconds, unit: 's', atMost: limits.ageSeconds },
  ];
  return { figures, succeeded: { succeededAt: new Date(finishedAt).toISOString(), rtoSeconds, rpoSeconds } };
}

async function ownBackups({ directory, isFull, say }: DrillHarness): Promise<BackupsToDrill> {
  say('no METADATA_BACKUP_DIR: making a backup to restore');
  await using source = await startDebianPostgres({ directory: join(directory, 'source') });
  const backups = join(directory, 'backups');
  const variables = {
    ...source.variables,
    METADATA_BACKUP_DSN: source.superuserDsn,
    METADATA_BACKUP_DIR: backups,
  };
  await runBrownie(['demo', '--incidents', isFull ? '50000' : '1000'], { variables, directory: '/' });
  await runBrownie(['backup', 'create'], { variables, directory: '/' });
  const secrets = { METADATA_JWT_SECRET: source.variables['METADATA_JWT_SECRET'] ?? '' };
  return { directory: backups, identityPath: undefined, secrets };
}
