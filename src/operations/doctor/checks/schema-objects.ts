import { type Check, critical, ok, unknown, type Verdict } from '../check.ts';
import { compareSchema, type SchemaComparison } from '../schema/expected-schema.ts';
import type { Fact } from '../schema/read-schema.ts';

/** What keeps rows right and tenants apart, beside the tables and indexes, which have checks of their own. */
export const schemaObjects: Check = {
  id: 'schema.objects',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const kinds = ['column', 'constraint', 'policy', 'trigger', 'function'] as const;
    const [schema, tables] = [await compareSchema(context, ...kinds), await compareSchema(context, 'table')];
    return judgeObjects(schema, new Set(tables?.missing.map(({ name }) => name)));
  },
};

const told = ({ kind, of, name }: Fact): string => `${kind} ${name}${of === '' ? '' : ` of ${of}`}`;

export function judgeObjects(
  schema: SchemaComparison | undefined,
  missingTables: ReadonlySet<string> = new Set(),
): Verdict {
  if (schema === undefined) {
    return unknown('no migration is applied');
  }
  if (schema.isAhead) {
    return unknown('migrations of a newer version are applied: ask the doctor of that version');
  }
  const missing = schema.missing.filter(({ of }) => !missingTables.has(of));
  if (missing.length === 0) {
    return ok(
      `All ${schema.expected.length} columns, constraints, policies, triggers and functions are there`,
    );
  }
  const definitions = missing.flatMap(({ definition }) => (definition === undefined ? [] : [definition]));
  const switches = missing
    .filter(({ kind }) => kind === 'trigger')
    .map(({ of, name }) => `alter table ${of} enable trigger ${name}`);
  return critical({
    finding: `What the migrations made is not there, or switched off: ${missing.map(told).join(', ')}`,
    evidence: missing.map(told),
    remedy: [
      ...switches.map((statement) => `${statement} where it is switched off`),
      ...definitions,
      ...(definitions.length === missing.length ? [] : ['the rest as the files in migrations/ have it']),
    ].join('; '),
  });
}
