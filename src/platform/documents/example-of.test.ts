import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import {
  exactly,
  JsonObject,
  JsonObjectOrArray,
  nullable,
  oneOf,
  Tags,
  Timestamp,
  Uuid,
} from '../schemas/common-schemas.ts';
import { exampleOf } from './example-of.ts';
import type { JsonSchema } from './open-api-types.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);

test.each<[string, unknown, unknown]>([
  ['the first of the examples', { type: 'string', examples: ['one', 'two'], default: 'three' }, 'one'],
  ['the default', { type: 'integer', default: 0, minimum: 0 }, 0],
  ['the constant', { const: false }, false],
  ['the first word', oneOf(['small', 'large']), 'small'],
  ['the format', { type: 'string', format: 'email' }, 'ada@example.com'],
  ['an id', Uuid, '01890a5d-ac96-774b-bcce-b302099a8057'],
  ['an instant', Timestamp, '2025-10-24T04:00:00.000Z'],
  ['null for an instant that may be missing', nullable(Timestamp), null],
  ['null for a text that may be missing', nullable(Type.String()), null],
  ['a text that may be missing but has an example', nullable(Type.String({ examples: ['Ada'] })), 'Ada'],
  ['a text in its bounds', { type: 'string', minLength: 8 }, 'stringxx'],
  ['a short text', { type: 'string', maxLength: 3 }, 'str'],
  ['the least number', { type: 'number', minimum: 3 }, 3],
  ['more than the bound', { type: 'integer', exclusiveMinimum: 3 }, 4],
  ['less than the bound', { type: 'number', exclusiveMaximum: 0 }, -1],
  ['the highest number', { type: 'integer', maximum: -5 }, -5],
  ['any number', { type: 'number' }, 1],
  ['yes', { type: 'boolean' }, true],
  ['tags', Tags, ['checkout']],
  ['a list of anything', { type: 'array', items: {} }, []],
  ['a tuple', { type: 'array', prefixItems: [{ const: 'a' }, { const: 1 }] }, ['a', 1]],
  [
    'an object',
    exactly({ id: Uuid, is_on: Type.Optional(Type.Boolean()) }),
    { id: exampleOf(Uuid as object as JsonSchema), is_on: true },
  ],
  ['an object that may be missing', { type: ['object', 'null'], properties: { a: { const: 1 } } }, { a: 1 }],
  ['an object of the client', JsonObject, {}],
  ['an object or a list', JsonObjectOrArray, {}],
  ['the first alternative', { anyOf: [{ const: 'a' }, { type: 'null' }] }, 'a'],
  [
    'all parts',
    {
      allOf: [
        { type: 'object', properties: { a: { const: 1 } } },
        { type: 'object', properties: { b: { const: 2 } } },
      ],
    },
    { a: 1, b: 2 },
  ],
  ['anything', {}, null],
])('%s', (_, schema, expected) => {
  const example = exampleOf(schema as JsonSchema);
  expect(example).toEqual(expected);
  expect(ajv.validate(schema as JsonSchema, example)).toBe(true);
});
