import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Migration, parseMigration } from '../migration.ts';

/** Migrations 1, 2, … of the given SQL texts, named `step-1`, `step-2`, …; throws what is wrong with them. */
export function migrationsOf(...texts: string[]): Migration[] {
  return texts.map((text, index) => {
    const number = index + 1;
    const migration = parseMigration(`${String(number).padStart(4, '0')}-step-${number}.sql`, text);
    if ('faults' in migration) {
      throw new Error(migration.faults.join('\n'));
    }
    return migration;
  });
}

/** A connection that closes with its scope. */
export async function connection(dsn: string): Promise<{ client: Client } & AsyncDisposable> {
  const client = new Client({ connectionString: dsn });
  client.on('error', () => undefined);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

/** The rows of one query over a connection of its own. */
export async function rowsOf<R extends object>(dsn: string, sql: string): Promise<R[]> {
  await using session = await connection(dsn);
  return (await session.client.query<R>(sql)).rows;
}

/** Resolves when the query yields a row; asks every 20 ms. */
export async function untilRow<R extends object>(dsn: string, sql: string): Promise<R> {
  await using session = await connection(dsn);
  for (;;) {
    const [row] = (await session.client.query<R>(sql)).rows;
    if (row !== undefined) {
      return row;
    }
    await session.client.query('select pg_sleep(0.02)');
  }
}

/** A directory with the given files, removed with its scope. */
export async function directoryOf(
  files: Record<string, string | Uint8Array>,
): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'migrations-test-'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
