import { type Check, critical, ok, unknown, warning } from '../check.ts';
import { compareSchema } from '../schema/expected-schema.ts';
import type { Session } from '../session.ts';

const runbook = 'docs/operations.md#indexes-and-lists';

interface FoundIndex {
  readonly name: string;
  readonly tableName: string;
  readonly isValid: boolean;
  readonly isBeingBuilt: boolean;
}

const indexesOf = (session: Session): Promise<readonly FoundIndex[]> =>
  session.rows<FoundIndex>(
    `select c.relname::text as name, i.indrelid::regclass::text as "tableName", i.indisvalid as "isValid",
            exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) as "isBeingBuilt"
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public'`,
  );

export const tablesInvalidIndexes: Check = {
  id: 'tables.invalid-indexes',
  runbook,
  async look(context) {
    const found = await indexesOf(await context.service());
    const invalid = found.filter(({ isValid, isBeingBuilt }) => !isValid && !isBeingBuilt);
    return invalid.length === 0
      ? ok(`All ${found.length} indexes are valid`)
      : warning({
          finding: `Indexes that were not built to their end, which reads ignore and writes pay for: ${invalid.map(({ name }) => name).join(', ')}`,
          evidence: invalid.map(({ name, tableName }) => `${name} on ${tableName}`),
          remedy: invalid.map(({ name }) => `reindex index concurrently ${name}`).join('; '),
        });
  },
};

export const tablesMissingIndexes: Check = {
  id: 'tables.missing-indexes',
  runbook,
  async look(context) {
    const schema = await compareSchema(context, 'index');
    if (schema === undefined) {
      return unknown('no migration is applied');
    }
    const { expected, missing } = schema;
    if (missing.length === 0) {
      return ok(`All ${expected.length} indexes of the migrations are there`);
    }
    const complaint = {
      finding: `Indexes of the migrations that are not there: ${missing.map(({ name }) => name).join(', ')}`,
      evidence: missing.map(({ name, isUnique }) => (isUnique ? `${name} keeps values unique` : name)),
      remedy: missing
        .map(({ definition = '' }) => definition.replace(/^(CREATE (?:UNIQUE )?INDEX )/, '$1concurrently '))
        .join('; '),
    };
    return missing.some(({ isUnique }) => isUnique) ? critical(complaint) : warning(complaint);
  },
};
