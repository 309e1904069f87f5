export { backupName, draftName, fileName, folderParts, isDraftName } from './backup-files.ts';
export { sealFolder } from './checksums.ts';
export { type Manifest, manifestFile, type TableContents } from './manifest.ts';
export { prunable, removeBackup } from './prune-backups.ts';
export {
  decryption,
  encryption,
  type IdentityPath,
  listFaults,
  readBackupFile,
  restoreDump,
  throwKeyFault,
} from './read-dump.ts';
export { type StoredBackup, storedBackup, storedBackups } from './stored-backup.ts';
