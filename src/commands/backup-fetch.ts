import { resolve } from 'node:path';
import { fetchBackup, listUploads } from '../operations/backup/s3-copies.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { backupSettings } from './backup-settings.ts';
import { report } from './outcome.ts';

/** Brings a backup back from S3, into the folder of backups; without a name it says what is there. */
export async function backupFetch(
  name: string | undefined,
  options: { readonly json?: boolean },
): Promise<void> {
  const { directory, s3Url: url, s3Endpoint: endpoint } = backupSettings();
  if (url === undefined) {
    throw new RefusedError('Name the place of the copies in METADATA_BACKUP_S3_URL');
  }
  if (name === undefined) {
    const names = await listUploads({ url, endpoint });
    report({ exitCode: 0, text: names.map((each) => `${each}\n`).join(''), json: { names } }, options);
    return;
  }
  const path = resolve(await fetchBackup(name, directory, { url, endpoint }));
  report(
    { exitCode: 0, text: `${path}: \`brownie backup verify ${name}\` looks at it.\n`, json: { path } },
    options,
  );
}
