import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Logins of the one PostgreSQL that all tests share; each test owns an organization in it. */
    databases: { superuser: string; owner: string; service: string };
  }
}

/** Starts a real PostgreSQL for the run, migrated, and stops it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
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
  project.provide('databases', {
    superuser: postgres.superuserDsn,
    owner: postgres.ownerDsn,
    service: postgres.serviceDsn,
  });
  return async () => {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
