import { join } from 'node:path';
import pg from 'pg';
import { migrationFault, migrationStatus, readMigrations } from '../migrations/index.ts';
import { packageRoot } from '../system/package-root.ts';
import { inspectPooler } from './inspect-pooler.ts';
import { groupRole, inspectServiceRole } from './service-role.ts';
import { requireWritable } from './writable.ts';

/** The migrations of this version. */
export const migrationsDirectory = join(packageRoot, 'migrations/');

export interface Preflight {
  /** Why the service must not start on this database; empty where it may. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** The role that each connection takes on, where the login itself has too many rights. */
  readonly role: string | undefined;
}

/**
 * Whether the service may run on a database: every migration applied, row-level security forced on every table, a
 * login that neither owns the tables nor bypasses it, no pooler that loses named statements. A login with too many rights is refused in production; elsewhere
 * its connections take on `brownie_app`. Throws pg's error where the database cannot be reached.
 */
export async function inspectDatabase(dsn: string, isProduction: boolean): Promise<Preflight> {
  const first = (await inspectPooler(dsn)) ?? (await pendingFault(dsn));
  if (first !== null) {
    return { faults: [first], warnings: [], role: undefined };
  }
  const login = await inspectServiceRole(dsn);
  const rights = [
    ...(login.isSuperuser ? ['is a superuser'] : []),
    ...(login.bypassesRls ? ['bypasses row-level security'] : []),
    ...(login.ownsTables ? ['owns the tables'] : []),
  ].join(', ');
  const faults = login.unprotectedTables.map(
    (table) => `table ${table} has no forced row-level security; migrate again, or drop it if it is not ours`,
  );
  const advice = `the login of METADATA_POSTGRES_DSN, ${login.name}, ${rights}: make one that does not (create role … login password … in role ${groupRole}) and keep this one for METADATA_POSTGRES_MIGRATION_DSN`;
  if (rights !== '' && isProduction) {
    return { faults: [...faults, advice], warnings: [], role: undefined };
  }
  if (!login.isMember) {
    return {
      faults: [...faults, `${login.name} has no rights on the tables: grant ${groupRole} to ${login.name}`],
      warnings: [],
      role: undefined,
    };
  }
  return rights === ''
    ? { faults, warnings: [], role: undefined }
    : { faults, warnings: [`${advice}; until then every connection takes on ${groupRole}`], role: groupRole };
}

/** Throws NotWritableError where the server takes no writes, and pg's error where it cannot be reached. */
export async function requireWritableServer(dsn: string): Promise<void> {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await requireWritable(client);
  } finally {
    await client.end();
  }
}

async function pendingFault(dsn: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return migrationFault(await migrationStatus(client, await readMigrations(migrationsDirectory)));
  } finally {
    await client.end();
  }
}
