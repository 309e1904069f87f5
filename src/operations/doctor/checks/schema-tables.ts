import { type Check, critical, ok, unknown } from '../check.ts';
import { compareSchema } from '../schema/expected-schema.ts';

export const schemaTables: Check = {
  id: 'schema.tables',
  runbook: 'docs/procedures/backup-and-recovery.md',
  async look(context) {
    const schema = await compareSchema(context, 'table');
    if (schema === undefined) {
      return unknown('no migration is applied');
    }
    const { expected, missing } = schema;
    return missing.length === 0
      ? ok(`All ${expected.length} tables of the migrations are there`)
      : critical({
          finding: `Tables of the migrations are not there: ${missing.map(({ name }) => name).join(', ')}. They were dropped or renamed, with what was in them`,
          evidence: [`${expected.length - missing.length} of ${expected.length} tables are there`],
          remedy: 'brownie maintenance on, then restore beside to just before, and copy them or switch',
        });
  },
};
