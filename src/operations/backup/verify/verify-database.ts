import { migrationsDirectory } from '../../../platform/database/preflight.ts';
import { inspectServiceRole } from '../../../platform/database/service-role.ts';
import { migrationFault, migrationStatus, readMigrations } from '../../../platform/migrations/index.ts';
import { historyFault } from '../../../platform/migrations/migration-status.ts';
import { differences, openDatabaseSession, tableContents } from '../database/index.ts';
import type { Manifest } from '../store/index.ts';
import { amcheck } from './amcheck.ts';
import { type Check, check, checkOf } from './check.ts';
import { foreignKeyFaults } from './foreign-keys.ts';
import { localeCheck } from './locale.ts';
import { type ServiceSecrets, smokeTest } from './smoke-test.ts';

/** @NOTE of sessions, which a restore ends: it is another one on purpose. */
const isCompared = ({ name }: { readonly name: string }): boolean => name !== 'public.credential_epoch';

/**
 * Looks at a restored database in every way that we know: contents, foreign keys, indexes, storage, migrations, row-level
 * security, and the service itself. Changes nothing in it.
 * @param dsn of a superuser
 * @param manifest what it was made from; undefined: of a physical copy, whose contents no manifest tells
 */
export async function verifyDatabase(
  dsn: string,
  manifest: Manifest | undefined,
  secrets: ServiceSecrets,
): Promise<Check[]> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  const contents = async (): Promise<Check> => {
    const after = await tableContents(client);
    const rows = after.reduce((sum, table) => sum + table.rows, 0);
    const faults =
      manifest === undefined
        ? after.length === 0
          ? ['there is no table']
          : []
        : differences(manifest.tables.filter(isCompared), after.filter(isCompared));
    return checkOf('rows', faults, `${rows} rows in ${after.length} tables`);
  };
  const sequences = async (): Promise<Check> => {
    const { rows } = await client.query<{ name: string; value: string | null }>(
      `select format('%I.%I', schemaname, sequencename) as name, last_value::text as value from pg_sequences`,
    );
    const now = new Map(rows.map(({ name, value }) => [name, BigInt(value ?? '-1')]));
    const behind = Object.entries(manifest?.sequences ?? {}).filter(
      ([name, value]) => (now.get(name) ?? -1n) < BigInt(value),
    );
    return checkOf(
      'sequences',
      behind.map(([name]) => `${name} is behind`),
      `${rows.length} sequences`,
    );
  };
  const keys = async (): Promise<Check> => {
    const { keys: count, faults } = await foreignKeyFaults(client);
    return checkOf('foreign keys', faults, `${count} keys, and every row points at one`);
  };
  const indexes = async (): Promise<Check> => {
    const { rows } = await client.query<{ name: string; isValid: boolean }>(
      `select indexrelid::regclass::text as name, indisvalid as "isValid" from pg_index
       join pg_class c on c.oid = indrelid where c.relnamespace = 'public'::regnamespace`,
    );
    const invalid = rows.filter(({ isValid }) => !isValid).map(({ name }) => `${name} is not valid`);
    return checkOf('indexes', invalid, `${rows.length} indexes`);
  };
  const schema = async (): Promise<Check> => {
    const status = await migrationStatus(client, await readMigrations(migrationsDirectory));
    const fault = historyFault(status);
    const detail = migrationFault(status);
    return fault === null && detail !== null
      ? { name: 'migrations', isOk: true, needsLook: true, detail }
      : checkOf(
          'migrations',
          fault === null ? [] : [fault],
          `${status.applied.length} applied, none pending`,
        );
  };
  const security = async (): Promise<Check> => {
    const { unprotectedTables } = await inspectServiceRole(dsn);
    const faults = unprotectedTables.map((table) => `${table} has no forced row-level security`);
    return checkOf('row-level security', faults, 'forced on every table');
  };
  const migrations = await check('migrations', schema);
  const service = async (): Promise<Check> =>
    migrations.needsLook
      ? { name: 'service', isOk: true, needsLook: true, detail: 'not started: migrations first' }
      : await smokeTest(dsn, secrets);
  return [
    await check('rows', contents),
    await check('sequences', sequences),
    await check('locale', () => localeCheck(client, manifest?.database)),
    await check('foreign keys', keys),
    await check('indexes', indexes),
    await check('amcheck', () => amcheck(client)),
    migrations,
    await check('row-level security', security),
    await check('service', service),
  ];
}
