import { createFolderBackup, examineFolderBackup } from '../operations/backup/copy/index.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { version } from '../platform/system/version.ts';
import type { BackupMaker } from './backup-maker.ts';
import type { backupSettings } from './backup-settings.ts';
import { openEmbedded } from './open-database.ts';

interface FolderSettings extends Pick<ReturnType<typeof backupSettings>, 'recipient' | 'secrets'> {
  /** To S3. */
  readonly isCopied: boolean;
}

/** Of the embedded database, whether the service runs or not. Throws RefusedError where it must not be copied, and as `openEmbedded` does. */
export async function folderMaker(
  dataDir: string,
  { recipient, secrets, isCopied }: FolderSettings,
): Promise<BackupMaker> {
  if (isCopied && recipient === undefined) {
    throw new RefusedError(
      'A copy of the embedded database holds its passwords and the JWT secret, and goes to S3 encrypted alone: set METADATA_BACKUP_AGE_RECIPIENT, or leave it here with --no-upload',
    );
  }
  const database = await openEmbedded(dataDir);
  const { superuserDsn } = database;
  const secret = secrets['METADATA_JWT_SECRET'];
  return {
    examine: () => examineFolderBackup({ superuserDsn }),
    make: (directory) => createFolderBackup({ superuserDsn, dataDir, secret, directory, recipient, version }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
