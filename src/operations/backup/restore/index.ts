export { endCredentialsOfCluster } from './end-credentials.ts';
export { examineRestore, restoreBackup } from './restore-backup.ts';
export { examineFolderRestore, restoreFolder } from './restore-folder.ts';
export { targetDsn } from './restore-target.ts';
export { type Verification, verifyBackup } from './verify-backup.ts';
