import type { MadeBackup } from '../operations/backup/create/index.ts';

/** What makes a backup, of whatever database there is. */
export interface BackupMaker extends AsyncDisposable {
  readonly examine: () => Promise<{ bytes: number }>;
  readonly make: (directory: string) => Promise<MadeBackup>;
}
