export { type DatabaseLocale, describeLocale, isSameLocale, localeJson } from './database-locale.ts';
export { openDatabaseSession } from './database-session.ts';
export { differences, tableContents } from './table-contents.ts';
