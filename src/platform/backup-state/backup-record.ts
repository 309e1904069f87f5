import { insertOperatorEvent, operatorHere } from '../operator-events/index.ts';
import type { BackupState } from './backup-state.ts';

/** What runs statements: a client, a session, a probe. */
interface Sender {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What the database knows of its backups: an instance that does not see their folder learns of them there. */
export interface BackupRecord {
  readonly state: BackupState;
  /** When its first migration was applied. */
  readonly installedAt: Date;
}

/** Keeps a success in the database that the backup is of, as the login of the service. */
export async function recordSuccess(sender: Sender, change: Partial<BackupState>): Promise<void> {
  const { backups, restoreDrill, archive } = change;
  if (backups !== undefined) {
    await insertOperatorEvent(sender, operatorHere(), 'backup.succeeded', backups);
  }
  if (restoreDrill !== undefined) {
    await insertOperatorEvent(sender, operatorHere(), 'backup.restored', restoreDrill);
  }
  if (archive !== undefined) {
    await insertOperatorEvent(sender, operatorHere(), 'backup.archive_whole', archive);
  }
}

/** Reads what was kept. Rejects where the database does not answer, or holds no migration. */
export async function readBackupRecord(sender: Pick<Sender, 'query'>): Promise<BackupRecord> {
  const { rows } = await sender.query(
    `select (select min(applied_at) from brownie_migrations) as "installedAt",
       jsonb_strip_nulls(jsonb_build_object(
         'backups', jsonb_build_object(
           'dump', max(details ->> 'dump' collate "C"),
           'full', max(details ->> 'full' collate "C"),
           'incr', max(details ->> 'incr' collate "C")),
         'restoreDrill', (select details from operator_events where action = 'backup.restored' order by id desc limit 1),
         'archive', (select details from operator_events where action = 'backup.archive_whole' order by id desc limit 1)
       )) as state
     from operator_events where action = 'backup.succeeded'`,
  );
  const [row] = rows as readonly BackupRecord[];
  if (row === undefined || row.installedAt === null) {
    throw new Error('brownie_migrations is empty');
  }
  return row;
}
