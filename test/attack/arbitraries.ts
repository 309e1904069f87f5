import fc from 'fast-check';
import type { JsonSchema } from '../../src/platform/documents/open-api-types.ts';
import type { Oracle } from './oracle.ts';
import { resolved } from './schemas.ts';

/** Ids that a field may name: of the caller's world, of another team, of another organization, of nothing. */
export type KnownIds = readonly string[];

interface Context {
  readonly oracle: Oracle;
  readonly ids: KnownIds;
}

/** Any value that a schema of the document takes. */
export function arbitraryOf(schema: JsonSchema, context: Context, name = ''): fc.Arbitrary<unknown> {
  const own = resolved(schema, context.oracle.document);
  if (Array.isArray(own['enum'])) {
    return fc.constantFrom(...(own['enum'] as unknown[]));
  }
  if (own['type'] === undefined) {
    return json;
  }
  const types = [own['type']].flat() as string[];
  return fc.oneof(...types.map((type) => ofType(type, own, context, name)));
}

function ofType(type: string, schema: JsonSchema, context: Context, name: string): fc.Arbitrary<unknown> {
  const { minimum = -1e9, maximum = 1e9 } = schema as { minimum?: number; maximum?: number };
  switch (type) {
    case 'string':
      return text(schema, context, name);
    case 'integer':
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) }),
      );
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return list(schema, context, name);
    case 'object':
      return object(schema, context);
    default:
      throw new Error(`no values of type ${type} are made: teach arbitraries.ts to`);
  }
}

/** Text as people write it, in every script, and as machines do: whatever PostgreSQL can store. */
const words = (min: number, max: number): fc.Arbitrary<string> => {
  const maxLength = Math.min(max, 40);
  const minLength = Math.min(min, maxLength);
  const ascii = fc.string({ minLength, maxLength });
  const written = fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .filter((value) => [...value].length <= max && value.isWellFormed() && !value.includes('\0'));
  const hostile = fc.constantFrom(
    "'; drop table users; --",
    '100%_\\',
    '<script>',
    '../../etc',
    '%s%n',
    '{{7*7}}',
  );
  return fc.oneof(
    { weight: 4, arbitrary: ascii },
    { weight: 4, arbitrary: written },
    hostile.filter((value) => value.length >= min && value.length <= max),
  );
};

function text(schema: JsonSchema, { ids }: Context, name: string): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 40 } = schema as { minLength?: number; maxLength?: number };
  const { format, pattern } = schema as { format?: string; pattern?: string };
  if (format === 'uuid') {
    return fc.constantFrom(...ids);
  }
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (name === 'email' && pattern !== undefined) {
    return fc.uuid().map((id) => `${id.slice(0, 13)}@example.com`);
  }
  if (/password$/.test(name)) {
    return fc.uuid().map((id) => `Secret of ${id}`);
  }
  if (pattern !== undefined) {
    const matching = new RegExp(pattern, 'u');
    return fc
      .stringMatching(new RegExp(pattern))
      .filter((value) => matching.test(value) && value.length >= minLength && value.length <= maxLength);
  }
  return words(minLength, maxLength);
}

function list(schema: JsonSchema, context: Context, name: string): fc.Arbitrary<unknown[]> {
  const { minItems = 0, maxItems = 4 } = schema as { minItems?: number; maxItems?: number };
  const items = (schema['items'] ?? {}) as JsonSchema;
  const item =
    items['type'] === undefined && items['$ref'] === undefined ? json : arbitraryOf(items, context, name);
  const bounds = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) };
  return schema['uniqueItems'] === true
    ? fc.uniqueArray(item, { ...bounds, selector: (value) => JSON.stringify(value) })
    : fc.array(item, bounds);
}

/** Any JSON that comes back as it was sent. */
const json: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 3, depthSize: 'small', noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '0')) as unknown)
  .filter((value) => JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value)));

function object(schema: JsonSchema, context: Context): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    minProperties = 0,
    maxProperties = Number.POSITIVE_INFINITY,
  } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
    minProperties?: number;
    maxProperties?: number;
  };
  const names = Object.keys(properties);
  if (names.length === 0) {
    return fc.dictionary(
      fc.string({ maxLength: 12 }).filter((key) => !key.includes('\0')),
      json,
      { maxKeys: 4 },
    );
  }
  const fields = Object.fromEntries(
    names.map((name) => [name, arbitraryOf(properties[name] ?? {}, context, name)]),
  );
  return fc
    .record(fields, { requiredKeys: required })
    .map((value) => ({ ...value }))
    .filter((value) => {
      const { length } = Object.keys(value);
      return length >= minProperties && length <= maxProperties;
    });
}
