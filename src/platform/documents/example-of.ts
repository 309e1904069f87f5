import type { JsonSchema } from './open-api-types.ts';

const byFormat: Readonly<Record<string, string>> = {
  date: '2025-10-24',
  'date-time': '2025-10-24T04:00:00.000Z',
  email: 'ada@example.com',
  time: '04:00:00Z',
  uri: 'https://example.com/',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
};

/**
 * An example value of a schema: its first `examples`, `default`, `const` or `enum`, else one made from its type,
 * format and bounds. A pattern is not solved: such a schema needs `examples`. Takes schemas without `$ref`.
 */
export function exampleOf(schema: JsonSchema): unknown {
  const mayBeNull = [schema['type']].flat().includes('null');
  // @NOTE an id or an instant that may be missing mostly is: an open incident has no resolved_at, no deleted_by.
  if (mayBeNull && schema['format'] !== undefined) {
    return null;
  }
  const hints = [first(schema['examples']), schema['default'], schema['const'], first(schema['enum'])];
  const hint = hints.find((value) => value !== undefined);
  if (hint !== undefined) {
    return hint;
  }
  const alternative = first(schema['anyOf'] ?? schema['oneOf']);
  if (alternative !== undefined) {
    return exampleOf(alternative as JsonSchema);
  }
  const parts = listOf(schema['allOf']).map((part) => exampleOf(part as JsonSchema));
  return parts.length > 0 ? Object.assign({}, ...parts) : exampleOfType(schema);
}

function exampleOfType(schema: JsonSchema): unknown {
  const types = [schema['type']].flat();
  // @NOTE null says more than the word "string" about a field that may be empty.
  const type = types.includes('null') && schema['properties'] === undefined ? 'null' : types[0];
  switch (type) {
    case 'string':
      return exampleOfString(schema);
    case 'integer':
    case 'number':
      return exampleOfNumber(schema);
    case 'boolean':
      return true;
    case 'array':
      return exampleOfArray(schema);
    case 'object':
      return exampleOfObject(schema);
    default:
      return null;
  }
}

function exampleOfString(schema: JsonSchema): string {
  const formatted = byFormat[String(schema['format'])];
  if (formatted !== undefined) {
    return formatted;
  }
  const { minLength, maxLength } = schema;
  const padded = 'string'.padEnd(typeof minLength === 'number' ? minLength : 0, 'x');
  return typeof maxLength === 'number' ? padded.slice(0, maxLength) : padded;
}

function exampleOfNumber({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): number {
  if (typeof minimum === 'number') {
    return minimum;
  }
  if (typeof exclusiveMinimum === 'number') {
    return exclusiveMinimum + 1;
  }
  const highest = typeof exclusiveMaximum === 'number' ? exclusiveMaximum - 1 : maximum;
  return typeof highest === 'number' ? Math.min(1, highest) : 1;
}

function exampleOfArray({ items, prefixItems }: JsonSchema): readonly unknown[] {
  if (prefixItems !== undefined) {
    return listOf(prefixItems).map((item) => exampleOf(item as JsonSchema));
  }
  const hasContent = typeof items === 'object' && items !== null && Object.keys(items).length > 0;
  return hasContent ? [exampleOf(items as JsonSchema)] : [];
}

function exampleOfObject({ properties = {} }: JsonSchema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties as JsonSchema).map(([name, schema]) => [name, exampleOf(schema as JsonSchema)]),
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const first = (value: unknown): unknown => listOf(value)[0];
