import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type DebianPostgres,
  letThrough,
  startDebianPostgres,
} from '../../src/drills/harness/debian-postgres.ts';
import { finishBrownie } from '../../src/platform/programs/run-brownie.ts';
import type { Finished } from '../../src/platform/programs/run-to-end.ts';

/** A server with 300 incidents and a role for backups, for all tests of a file; commands of `brownie` as that role. */
export function backedUpServer() {
  let directory: string;
  let database: DebianPostgres;
  const inFolder = (name: string): string => join(directory, name);
  const asRole = (login: string): string => database.superuserDsn.replace(/\/\/[^@]+@/, `//${login}@`);
  const brownie = (
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Finished> =>
    finishBrownie(args, {
      directory,
      variables: {
        ...database.variables,
        METADATA_BACKUP_DSN: asRole('brownie_backup:canary-backup'),
        METADATA_BACKUP_RESTORE_DSN: database.superuserDsn,
        METADATA_BACKUP_DIR: inFolder('backups'),
        ...variables,
      },
    });
  const asSuperuser = async (...statements: string[]): Promise<pg.QueryResult[]> => {
    const client = new pg.Client({ connectionString: database.superuserDsn });
    await client.connect();
    const results: pg.QueryResult[] = [];
    for (const statement of statements) {
      results.push(await client.query(statement));
    }
    await client.end();
    return results;
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'brownie-backup-commands-'));
    await letThrough(directory);
    database = await startDebianPostgres({ directory: inFolder('server') });
    // As docs/procedures/backup-and-recovery.md says.
    await asSuperuser(
      `create role brownie_backup login bypassrls password 'canary-backup' in role pg_read_all_data`,
      'grant connect on database brownie to brownie_backup',
    );
    expect((await brownie(['demo', '--incidents', '300'])).code).toBe(0);
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  return { database: () => database, inFolder, asRole, asSuperuser, brownie };
}

/** Makes a key of age in a new file; answers whom to encrypt for. */
export async function newIdentity(path: string): Promise<string> {
  await promisify(execFile)('age-keygen', ['-o', path]);
  return (await promisify(execFile)('age-keygen', ['-y', path])).stdout.trim();
}
