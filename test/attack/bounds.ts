import type { JsonSchema } from '../../src/platform/documents/open-api-types.ts';
import type { Input } from './input.ts';
import { type Operation, type Oracle, templateOf } from './oracle.ts';
import { fieldsOfReply, resolved } from './schemas.ts';

export interface Case {
  readonly why: string;
  readonly input: Input;
}

/** What somebody would like to set who may not, and what means something to JavaScript. */
const temptations = [
  'surprise',
  '__proto__',
  'constructor',
  'id',
  'org_id',
  'role',
  'roles',
  'is_verified',
  'is_admin',
  'is_service_account',
  'password_hash',
  'created_by',
  'created_at',
  'deleted_at',
  'deleted_by',
  'version',
  'permissions',
  'organization_role',
  'home_org_id',
  'session_generation',
];

const ofEachType: readonly unknown[] = [null, true, 0, 1.5, -1, 'x', '', [], [[]], {}, { a: 1 }];

const instants = ['2026-11-30T04:00:00Z', '2026-11-30T04:00:00.123+01:00'];
const notInstants = [
  '2026-11-30',
  '2026-11-30T04:00:00',
  '2026-02-30T04:00:00Z',
  '2026-11-30T24:00:01Z',
  '2026-11-30T04:61:00Z',
  '20261130T040000Z',
  'now()',
  'infinity',
  '1764475200',
];
const notIds = [
  '',
  '1',
  'not-a-uuid',
  'urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057',
  '{01890a5d-ac96-774b-bcce-b302099a8057}',
  '01890a5dac96774bbcceb302099a8057',
  '01890a5d-ac96-774b-bcce-b302099a805',
  '01890a5d-ac96-774b-bcce-b302099a8057 ',
  '01890a5d-ac96-774b-bcce-b302099a805g',
];

/** The values on both sides of everything that a schema says, and of every other type. */
export function valuesAround(schema: JsonSchema): readonly unknown[] {
  return [...ofEachType, ...around(schema)];
}

function around(schema: JsonSchema): readonly unknown[] {
  const of = schema as {
    enum?: string[];
    format?: string;
    pattern?: string;
    minLength?: number;
    maxLength?: number;
    minimum?: number;
    maximum?: number;
    minItems?: number;
    maxItems?: number;
    items?: JsonSchema;
  };
  const text = (length: number): string =>
    length <= 0
      ? ''
      : of.pattern?.includes('@')
        ? `${'a'.repeat(Math.max(0, length - 6))}@b.com`
        : 'a'.repeat(length);
  const lengths = [of.minLength, of.maxLength]
    .filter((each) => each !== undefined)
    .filter((each) => each <= 60_000);
  const numbers = [of.minimum, of.maximum].filter((each) => each !== undefined);
  const counts = [of.minItems, of.maxItems].filter((each) => each !== undefined);
  const item = of.items?.['format'] === 'uuid' ? () => crypto.randomUUID() : (index: number) => `a${index}`;
  return [
    ...(of.enum ?? []).flatMap((each) => [
      each,
      each.toUpperCase(),
      `${each} `,
      ` ${each}`,
      each.slice(1),
      `${each}s`,
    ]),
    ...(of.format === 'uuid' ? [...notIds, crypto.randomUUID(), crypto.randomUUID().toUpperCase()] : []),
    ...(of.format === 'date-time' ? [...instants, ...notInstants] : []),
    ...(of.pattern === undefined
      ? []
      : ['@', 'a b', 'a\nb', 'ä', 'A', 'a@b', 'a@b.c', '-', '_', '1', '::1/64']),
    ...lengths.flatMap((length) => [
      text(length - 1),
      text(length),
      text(length + 1),
      '𝒳'.repeat(length),
      '𝒳'.repeat(length + 1),
    ]),
    ...numbers.flatMap((each) => [each - 1, each, each + 1, each + 0.5]),
    ...(schema['type'] === 'integer' || schema['type'] === 'number'
      ? [2 ** 31, 2 ** 53 - 1, -(2 ** 63), 1e300]
      : []),
    ...counts
      .flatMap((count) => [count - 1, count, count + 1])
      .filter((count) => count >= 0 && count <= 200)
      .map((count) => Array.from({ length: count }, (_, index) => item(index))),
    ...(of.items === undefined ? [] : valuesAround(of.items).map((value) => [value])),
  ];
}

/** Every case around what the document says of an operation's input, one thing at a time beside an input that is right. */
export function casesAround(operation: Operation, right: Input, { document }: Oracle): readonly Case[] {
  const cases: Case[] = [];
  const body = operation.body === undefined ? undefined : resolved(operation.body, document);
  const { properties = {} } = (body ?? {}) as { properties?: Record<string, JsonSchema> };
  if (body !== undefined) {
    const fields = (right.body ?? {}) as Record<string, unknown>;
    for (const [name, schema] of Object.entries(properties)) {
      const { [name]: _, ...rest } = fields;
      cases.push({ why: `without ${name}`, input: { ...right, body: rest } });
      for (const value of valuesAround(resolved(schema, document))) {
        cases.push({
          why: `${name} around its bounds`,
          input: { ...right, body: { ...fields, [name]: value } },
        });
      }
      cases.push(...rawCases(name, fields, right));
    }
    const replied =
      document.paths[templateOf(operation.url)]?.[operation.method.toLowerCase() as 'get']?.responses[
        String(operation.status)
      ]?.content?.['application/json']?.schema;
    const extra = new Set([...temptations, ...fieldsOfReply(document, replied)]);
    for (const name of [...extra].filter((each) => !Object.hasOwn(properties, each))) {
      const text = `{"${name}":true,${JSON.stringify(fields).slice(1)}`.replace(',}', '}');
      cases.push({ why: `with ${name}`, input: { ...right, body: JSON.parse(text) } });
    }
    for (const value of ofEachType) {
      cases.push({ why: 'a body of another type', input: { ...right, body: value } });
    }
  }
  for (const { name, in: part, schema } of operation.parameters.filter((each) => each.in !== 'header')) {
    for (const value of valuesAround(resolved(schema, document)).filter((each) => isWritable(each, part))) {
      const input =
        part === 'path'
          ? { ...right, params: { ...right.params, [name]: String(value) } }
          : { ...right, query: { ...right.query, [name]: value } };
      cases.push({ why: `${name} of the ${part} around its bounds`, input });
    }
  }
  for (const name of temptations) {
    cases.push({ why: `${name} in the query`, input: { ...right, query: { ...right.query, [name]: '1' } } });
  }
  return cases;
}

/** @NOTE an address cannot carry what is no text; an empty segment is another path. */
function isWritable(value: unknown, part: string): boolean {
  const isText = ['string', 'number', 'boolean'].includes(typeof value);
  const isShort = typeof value !== 'string' || value.length <= 200;
  return part === 'path' ? isText && isShort && value !== '' : isShort && (isText || isListOfTexts(value));
}
const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length < 60 &&
  value.every((each) => typeof each === 'string' && each.length < 100);

/** What JSON can write and nobody can keep as it was sent. */
function rawCases(name: string, fields: Readonly<Record<string, unknown>>, right: Input): readonly Case[] {
  const { [name]: own, ...rest } = fields;
  const others = JSON.stringify(rest).slice(1, -1);
  const written = (value: string): string => `{${others === '' ? '' : `${others},`}"${name}":${value}}`;
  const kept = JSON.stringify(own ?? 'x');
  const raw = (why: string, text: string): Case => ({
    why: `${name} ${why}`,
    input: { ...right, raw: { text, why } },
  });
  return [
    raw('given twice', written(`${kept},"${name}":${kept}`)),
    raw('with the character U+0000', written('"a\\u0000b"')),
    raw('with half of a surrogate pair', written('"\\ud800"')),
    raw('of more than a double', written('1e400')),
    raw('of more digits than a double has', written('9007199254740993')),
    raw('nested too deep', written(`${'['.repeat(40)}${']'.repeat(40)}`)),
    raw('that is no JSON', written('NaN')),
  ];
}
