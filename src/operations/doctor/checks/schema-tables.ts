import { readMigrations } from '../../../platform/migrations/index.ts';
import { type Check, critical, ok, unknown } from '../check.ts';
import { expectedTables } from '../expected-tables.ts';

export const schemaTables: Check = {
  id: 'schema.tables',
  runbook: 'docs/procedures/backup-and-recovery.md',
  async look(context) {
    const session = await context.service();
    const applied = await session.rows<{ number: number }>('select number from brownie_migrations');
    const numbers = new Set(applied.map(({ number }) => number));
    const migrations = await readMigrations(context.migrationsDirectory);
    // @NOTE what is pending has a check of its own, and its tables are not missing yet.
    const expected = expectedTables(migrations.filter(({ number }) => numbers.has(number)));
    if (expected.length === 0) {
      return unknown('no migration is applied');
    }
    const found = await session.rows<{ name: string }>(
      `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p')`,
    );
    const names = new Set(found.map(({ name }) => name));
    const missing = expected.filter((name) => !names.has(name));
    return missing.length === 0
      ? ok(`All ${expected.length} tables of the migrations are there`)
      : critical({
          finding: `Tables of the migrations are not there: ${missing.join(', ')}. They were dropped or renamed, with what was in them`,
          evidence: [`${expected.length - missing.length} of ${expected.length} tables are there`],
          remedy: 'brownie maintenance on, then restore beside to just before, and copy them or switch',
        });
  },
};
