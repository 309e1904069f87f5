import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { ensureBuild } from '../../bin/fresh-build.mjs';
import { readDsn, withDatabase } from '../../src/platform/database/dsn.ts';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';
import { packageRoot } from '../../src/platform/system/package-root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Logins of the one PostgreSQL that all tests share; each test owns an organization in it. */
    databases: { superuser: string; owner: string; service: string; template: string };
  }
}

const template = 'migrated_template';

/** Keeps a copy of the migrated database, from which those of single tests are made: ten times as fast as to migrate each. */
async function keepTemplate(superuser: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(superuser, 'postgres') });
  await client.connect();
  try {
    await client.query(`create database ${template} template ${database} owner brownie_owner`);
  } finally {
    await client.end();
  }
}

/** Starts a real PostgreSQL for the run, migrated, and stops it afterwards. Builds what tests start, lest each does. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuild(packageRoot);
  const directory = await mkdtemp(join(tmpdir(), 'brownie-test-'));
  const postgres = await startEmbeddedPostgres({
    directory,
    durable: false,
    settings: { max_connections: '400', log_min_duration_statement: '-1' },
  });
  await applyMigrations({
    dsn: postgres.ownerDsn,
    migrations: await readMigrations(migrationsDirectory),
    onProgress: () => undefined,
  });
  await keepTemplate(postgres.superuserDsn, readDsn(postgres.ownerDsn).database ?? '');
  project.provide('databases', {
    superuser: postgres.superuserDsn,
    owner: postgres.ownerDsn,
    service: postgres.serviceDsn,
    template,
  });
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
