import fc from 'fast-check';
import type { Input } from './input.ts';

type Fields = Record<string, unknown>;

/** What a field of a body is made of, one at a time: most of it is wrong there, and the judge says where. */
const junk: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e300,
  '',
  ' ',
  'x'.repeat(600),
  '\u202e\u0301',
  '0',
  'null',
  '2026-11-30',
  [],
  [null],
  [[[]]],
  {},
  { $ne: null },
  { toString: 1 },
];

const strange = [
  'surprise',
  '__proto__',
  'constructor',
  'org_id',
  'role',
  'is_verified',
  'deleted_at',
  'id',
  '',
];

/** Texts in place of a body's, each with why it must be refused. */
const raws: readonly (readonly [why: string, make: (fields: Fields, name: string) => string])[] = [
  ['a key given twice', (fields, name) => `${JSON.stringify(fields).slice(0, -1)},"${name}":1,"${name}":1}`],
  ['the character U+0000', (fields, name) => JSON.stringify({ ...fields, [name]: 'a\0' })],
  ['half of a surrogate pair', (fields, name) => JSON.stringify({ ...fields, [name]: '\udfff' })],
  ['no end', (fields) => JSON.stringify(fields).slice(0, -1)],
  ['two values', (fields) => `${JSON.stringify(fields)}{}`],
  ['a comma too many', (fields) => `${JSON.stringify(fields).slice(0, -1)},}`],
  ['a comment', (fields) => `/**/${JSON.stringify(fields)}`],
  [
    'too deep a value',
    (fields, name) => `{"${name}":${'{"a":'.repeat(40)}1${'}'.repeat(40)},"b":${JSON.stringify(fields)}}`,
  ],
  ['a number beyond doubles', (_, name) => `{"${name}":-1e999}`],
  ['a mark of byte order', (fields) => `\ufeff${JSON.stringify(fields)}`],
];

/** An input in which one thing was changed. */
export const mutated = (input: fc.Arbitrary<Input>): fc.Arbitrary<Input> =>
  fc
    .tuple(
      input,
      fc.nat(),
      fc.constantFrom(...junk),
      fc.constantFrom(...strange),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([right, at, value, name, kind]) =>
      isFields(right.body)
        ? inBody(right, right.body, at, value, name, kind)
        : inQuery(right, at, value, name, kind),
    );

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inBody(right: Input, fields: Fields, at: number, value: unknown, name: string, kind: number): Input {
  const names = Object.keys(fields);
  const own = names[at % Math.max(1, names.length)] ?? name;
  switch (kind) {
    case 0: {
      const { [own]: _, ...body } = fields;
      return { ...right, body };
    }
    case 1:
      return { ...right, body: JSON.parse(`{${JSON.stringify(name)}:1,"z":0}`) };
    case 2:
      return { ...right, body: value };
    case 3:
    case 4: {
      const [why, make] = raws[at % raws.length] ?? ['', () => ''];
      return { ...right, raw: { why, text: make(fields, own) } };
    }
    default:
      return { ...right, body: { ...fields, [own]: value } };
  }
}

function inQuery(right: Input, at: number, value: unknown, name: string, kind: number): Input {
  const names = Object.keys(right.query);
  const own = kind < 3 || names.length === 0 ? name : (names[at % names.length] ?? name);
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return own === '' ? right : { ...right, query: { ...right.query, [own]: isText ? value : '\u0301' } };
}
