import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newestState, noteSuccess, prometheusText, readBackupState } from './backup-state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brownie-state-'));
});
afterEach(() => rm(folder, { recursive: true }));
const [first, second] = ['2025-10-24T12:00:00.000Z', '2025-10-25T12:00:00.000Z'];

test('each success is added to those before, and others may read it', async () => {
  const backups = join(folder, 'new');
  await noteSuccess(backups, { backups: { dump: first } });
  await noteSuccess(backups, { backups: { full: second } });
  await noteSuccess(backups, { restoreDrill: { succeededAt: second, rtoSeconds: 9, rpoSeconds: 86_400 } });
  await noteSuccess(backups, { archive: { wholeAt: first } });
  const state = await readBackupState(backups);
  expect(state).toEqual({
    backups: { dump: first, full: second },
    restoreDrill: { succeededAt: second, rtoSeconds: 9, rpoSeconds: 86_400 },
    archive: { wholeAt: first },
  });
  expect((await stat(join(backups, 'state.json'))).mode & 0o777).toBe(0o644);
  expect(prometheusText(state)).toContain('backup_last_success_timestamp_seconds{type="dump"} 1761307200\n');
  expect(prometheusText(state)).toContain('wal_archive_whole_timestamp_seconds 1761307200\n');
  expect(prometheusText(state)).toContain('backup_age_start_timestamp_seconds 1761393600\n');
});

test.each(['', '{"backups": {"dump": "soon"}}', 'rubbish'])('a state of %j is no success', async (text) => {
  await writeFile(join(folder, 'state.json'), text);
  expect(await readBackupState(folder)).toEqual({ backups: {} });
});

test('of what two know, the newest of each kind counts', () => {
  const drill = (succeededAt: string) => ({ succeededAt, rtoSeconds: 1, rpoSeconds: 2 });
  expect(
    newestState(
      { backups: { dump: second, full: first }, restoreDrill: drill(first), archive: { wholeAt: first } },
      { backups: { dump: first, incr: first }, restoreDrill: drill(second) },
    ),
  ).toEqual({
    backups: { dump: second, full: first, incr: first },
    restoreDrill: drill(second),
    archive: { wholeAt: first },
  });
  expect(newestState({ backups: {} }, { backups: {} })).toEqual({ backups: {} });
});
