export { createFolderBackup, examineFolderBackup } from './copy-folder.ts';
