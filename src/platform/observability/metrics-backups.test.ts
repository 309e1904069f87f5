import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { backupMetrics } from './metrics-backups.ts';

test('what never succeeded is 0, and owed only once the database says so; an archive that is not there is no number', async () => {
  const registry = new Registry();
  backupMetrics(registry);
  const text = await registry.metrics();
  for (const type of ['dump', 'full', 'incr']) {
    expect(text).toContain(`backup_last_success_timestamp_seconds{type="${type}"} 0\n`);
  }
  expect(text).toContain('restore_drill_last_success_timestamp_seconds 0\n');
  expect(text).toMatch(/^backup_age_start_timestamp_seconds nan$/im);
  expect(text).toMatch(/^wal_archive_last_success_timestamp_seconds nan$/im);
  expect(text).toMatch(/^wal_archive_whole_timestamp_seconds nan$/im);
});

test('successes are told in Unix time, and an archive that ends is no number again', async () => {
  const registry = new Registry();
  const metrics = backupMetrics(registry);
  metrics.backupsRead({
    backups: { dump: 10, full: 0, incr: 30 },
    restoredAt: 40,
    rtoSeconds: 5,
    rpoSeconds: 6,
    backupFrom: 30,
    drillFrom: undefined,
  });
  metrics.walArchived(50, 45);
  const text = await registry.metrics();
  expect(text).toContain('backup_last_success_timestamp_seconds{type="incr"} 30\n');
  expect(text).toContain('restore_drill_rto_seconds 5\n');
  expect(text).toContain('backup_age_start_timestamp_seconds 30\n');
  expect(text).toMatch(/^restore_drill_age_start_timestamp_seconds nan$/im);
  expect(text).toContain('wal_archive_last_success_timestamp_seconds 50\n');
  expect(text).toContain('wal_archive_whole_timestamp_seconds 45\n');
  metrics.walArchived(60, 0);
  expect(await registry.metrics()).toContain('wal_archive_whole_timestamp_seconds 0\n');
  metrics.walArchived(undefined, 45);
  expect(await registry.metrics()).not.toMatch(/^wal_archive_\w+ \d/m);
});
