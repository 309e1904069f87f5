import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type ArchivedPostgres, startArchivedPostgres } from '../../src/drills/harness/archived-postgres.ts';
import { finishBrownie } from '../../src/platform/programs/run-brownie.ts';
import type { Finished } from '../../src/platform/programs/run-to-end.ts';

/** A server that archives, for all tests of a file, and commands of `brownie` in the folder around it. */
export function archivedServer() {
  let directory: string;
  let archived: ArchivedPostgres;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'brownie-archived-'));
    archived = await startArchivedPostgres(directory);
  });
  afterAll(async () => {
    await archived[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  const inFolder = (...path: string[]): string => join(directory, ...path);
  return {
    archived: () => archived,
    inFolder,
    /** The names there; none where there is no such folder. */
    filesIn: (...path: string[]): Promise<string[]> => readdir(inFolder(...path)).catch(() => []),
    brownie: (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Finished> =>
      finishBrownie(args, { directory, variables: { ...archived.variables, ...variables } }),
    /** As the superuser, in the database of the service; answers the rows of the last statement. */
    async query(...statements: readonly string[]): Promise<unknown[]> {
      const client = new pg.Client({ connectionString: archived.database.superuserDsn });
      await client.connect();
      let rows: unknown[] = [];
      for (const statement of statements) {
        rows = (await client.query(statement)).rows;
      }
      await client.end();
      return rows;
    },
  };
}
