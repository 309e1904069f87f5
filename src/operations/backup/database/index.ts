export { openDatabaseSession } from './database-session.ts';
export { differences, tableContents } from './table-contents.ts';
