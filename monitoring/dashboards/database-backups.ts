import { archiveCheckTooOld } from '../alerts/archive-check-too-old.ts';
import { backupTooOld } from '../alerts/backup-too-old.ts';
import { restoreDrillTooOld } from '../alerts/restore-drill-too-old.ts';
import { walArchivingFailing } from '../alerts/wal-archiving-failing.ts';
import type { Row } from './panel.ts';
import { watchedTarget } from './watch.ts';

/** What would be left if the database were lost now. */
export const backups: Row = {
  title: 'Backups',
  panels: [
    {
      kind: 'number',
      title: 'Age of the newest backup',
      description:
        'Of any kind; of the installation where there is none yet. NaN: outside production nobody owes one.',
      unit: 'duration',
      targets: [watchedTarget(backupTooOld, 'backup')],
      watchedBy: [{ alert: backupTooOld }],
      width: 6,
    },
    {
      kind: 'number',
      title: 'Since a restore was verified',
      description: 'By `brownie drill restore`, or by `brownie backup verify --restore`.',
      unit: 'duration',
      targets: [watchedTarget(restoreDrillTooOld, 'restore')],
      watchedBy: [{ alert: restoreDrillTooOld }],
      width: 6,
    },
    {
      kind: 'number',
      title: 'The archive is behind by',
      description: 'So much is lost with the server. NaN: PostgreSQL archives nothing.',
      unit: 'duration',
      targets: [watchedTarget(walArchivingFailing, 'archive')],
      watchedBy: [{ alert: walArchivingFailing }],
      width: 6,
    },
    {
      kind: 'number',
      title: 'Since the archive was found whole',
      description: 'By `brownie backup pitr check`: no segment is missing. NaN: PostgreSQL archives nothing.',
      unit: 'duration',
      targets: [watchedTarget(archiveCheckTooOld, 'check')],
      watchedBy: [{ alert: archiveCheckTooOld }],
      width: 6,
    },
  ],
};
