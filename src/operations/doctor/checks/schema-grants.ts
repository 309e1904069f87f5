import { groupRole } from '../../../platform/database/service-role.ts';
import { type Check, critical, ok, unknown, type Verdict, warning } from '../check.ts';
import { compareSchema, type SchemaComparison } from '../schema/expected-schema.ts';
import type { Fact } from '../schema/read-schema.ts';

export const schemaGrants: Check = {
  id: 'schema.grants',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const [schema, tables] = [
      await compareSchema(context, 'privilege'),
      await compareSchema(context, 'table'),
    ];
    return judgeGrants(schema, new Set(tables?.missing.map(({ name }) => name)));
  },
};

/** By what they are on: `incidents: INSERT, SELECT`. */
const byObject = (privileges: readonly Fact[]): readonly (readonly [object: string, names: string])[] =>
  [...Map.groupBy(privileges, ({ of }) => of)].map(([of, facts]) => [
    of,
    facts.map(({ name }) => name).join(', '),
  ]);

/** What the words after `on` are: a function is told by its parentheses. */
const named = (object: string): string => (object.endsWith(')') ? `function ${object}` : object);

export function judgeGrants(
  schema: SchemaComparison | undefined,
  missingTables: ReadonlySet<string> = new Set(),
): Verdict {
  if (schema === undefined) {
    return unknown('no migration is applied');
  }
  if (schema.isAhead) {
    return unknown('migrations of a newer version are applied: ask the doctor of that version');
  }
  const { expected, further } = schema;
  const missing = byObject(schema.missing.filter(({ of }) => !missingTables.has(of)));
  if (missing.length > 0) {
    return critical({
      finding: `The service lacks rights, and fails wherever it needs them: ${missing.map(([of, names]) => `${names} on ${of}`).join('; ')}`,
      evidence: missing.map(([of, names]) => `${of}: ${names}`),
      remedy: `as the owner: ${missing.map(([of, names]) => `grant ${names} on ${named(of)} to ${groupRole}`).join('; ')}`,
    });
  }
  const has = (of: string, name: string): boolean =>
    expected.some((fact) => fact.of === of && fact.name === name);
  // @NOTE what is ours alone: of somebody else's table beside ours nobody here knows who should read it. A column's right that
  // the table gives already adds nothing.
  const more = byObject(
    further.filter(
      ({ of, name }) => expected.some((fact) => fact.of === of) && !has(of, name.replace(/ \(.*\)$/, '')),
    ),
  );
  return more.length === 0
    ? ok(`The service has the ${expected.length} rights that the migrations give, and no more`)
    : warning({
        finding: `The service may do what no migration lets it do: ${more.map(([of, names]) => `${names} on ${of}`).join('; ')}. What only grows, as the audit trail, can then be changed`,
        evidence: more.map(([of, names]) => `${of}: ${names}`),
        remedy: `as the owner: ${more.map(([of, names]) => `revoke ${names} on ${named(of)} from ${groupRole}, public`).join('; ')}`,
      });
}
