export { createBackup, examineBackup } from './create-backup.ts';
