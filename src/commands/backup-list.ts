import { storedBackups } from '../operations/backup/store/index.ts';
import { backupSettings, size } from './backup-settings.ts';
import { report } from './outcome.ts';

/** Shows every backup, read from end to end. Ends with 3 where one is damaged, or there is none. */
export async function backupList(options: { readonly json?: boolean }): Promise<void> {
  const { directory } = backupSettings();
  const backups = await storedBackups(directory);
  const isFine = backups.length > 0 && backups.every(({ faults }) => faults.length === 0);
  report(
    {
      exitCode: isFine ? 0 : 3,
      text:
        backups.length === 0
          ? `There is no backup in ${directory}. \`brownie backup create\` makes one.\n`
          : backups
              .map(({ name, bytes, manifest, faults }) => {
                const state = faults.length === 0 ? 'good' : `DAMAGED: ${faults.join('; ')}`;
                const schema = manifest?.schema ?? 'no schema';
                return `${name}  ${size(bytes).padStart(9)}  ${schema.padEnd(32)}  ${state}\n`;
              })
              .join(''),
      json: backups.map(({ name, path, bytes, manifest, faults }) => ({
        name,
        path,
        bytes,
        takenAt: manifest?.takenAt ?? null,
        schema: manifest?.schema ?? null,
        isEncrypted: manifest === undefined ? null : manifest.recipient !== null,
        faults,
      })),
    },
    options,
  );
}
