import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Migration, parseMigration } from './migration.ts';
import { MigrationFilesError } from './migration-error.ts';

/**
 * Reads the migrations of a directory, in the order of their numbers. Hidden files and `*.md` may lie beside them.
 * Throws MigrationFilesError with every fault at once: a bad name, a gap or a duplicate in the numbers, no migration
 *   at all (an empty directory would make any schema look up to date), and what {@link parseMigration} refuses
 * Throws the error of node:fs when the directory or a file cannot be read
 */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory))
    .filter((name) => !name.startsWith('.') && !name.endsWith('.md'))
    .sort();
  const faults: string[] = [];
  const migrations: Migration[] = [];
  for (const name of names) {
    const content = decoded(await readFile(join(directory, name)));
    const migration =
      content === null ? { faults: [`${name}: is not UTF-8`] } : parseMigration(name, content);
    if ('faults' in migration) {
      faults.push(...migration.faults);
    } else {
      migrations.push(migration);
    }
  }
  if (names.length === 0) {
    faults.push(`${directory} holds no migration`);
  }
  faults.push(...numberFaults(names));
  if (faults.length > 0) {
    throw new MigrationFilesError(faults);
  }
  return migrations;
}

/** By the names, not by the files that could be read: one broken file is no gap. */
function numberFaults(names: readonly string[]): string[] {
  const faults: string[] = [];
  let previous = 0;
  for (const name of names.filter((name) => /^\d{4}-/.test(name))) {
    const number = Number(name.slice(0, 4));
    if (number === previous) {
      faults.push(`${name}: number ${name.slice(0, 4)} is taken already`);
    } else if (number !== previous + 1) {
      faults.push(`${name}: ${String(previous + 1).padStart(4, '0')} is missing before it`);
    }
    previous = number;
  }
  return faults;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
