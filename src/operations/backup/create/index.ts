export { requireNoBackup, takeBackupLock } from './backup-lock.ts';
export { createBackup, examineBackup } from './create-backup.ts';
export { describeDatabase } from './describe-database.ts';
export { inDraft, type MadeBackup } from './in-draft.ts';
