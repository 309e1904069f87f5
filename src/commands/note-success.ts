import type { Config } from '../config/index.ts';
import { recordSuccess } from '../platform/backup-state/backup-record.ts';
import { type BackupState, noteSuccess as noteInFolder } from '../platform/backup-state/backup-state.ts';

const timeoutMs = 5_000;

/**
 * Notes a success where alerts, doctor and checklists look for it: in the folder of the backups, and in the database itself, which every
 * instance sees. It was one all the same where the database is not there to be told: then standard error says so.
 */
export async function noteSuccess(
  { directory, database }: { readonly directory: string; readonly database: Config['database'] },
  change: Partial<BackupState>,
): Promise<void> {
  await noteInFolder(directory, change);
  if (database.mode === 'external') {
    await tell(database.dsn, change).catch((error: unknown) => {
      process.stderr.write(
        `note: kept in ${directory} alone, the database was not told: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    });
  }
}

async function tell(dsn: string, change: Partial<BackupState>): Promise<void> {
  // @NOTE at the end alone: a command that refuses at once need not load it.
  const { DatabaseTls } = await import('../platform/database/database-tls.ts');
  const tls = new DatabaseTls(dsn);
  const client = new tls.Client({
    connectionString: tls.dsn,
    application_name: 'brownie-backup',
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await recordSuccess(client, change);
  } finally {
    await client.end();
  }
}
