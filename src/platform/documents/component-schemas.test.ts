import { type TSchema, Type } from 'typebox';
import { expect, test } from 'vitest';
import { annotated, nullable, oneOf, withDefault } from '../schemas/common-schemas.ts';
import { ComponentSchemas } from './component-schemas.ts';
import type { JsonSchema } from './open-api-types.ts';

const cake = { title: 'Big Cake', type: 'object', properties: { title: { type: 'string' } } };
const reference = { $ref: '#/components/schemas/BigCake' };

test('refers to a titled schema wherever a schema can stand', () => {
  const schemas = new ComponentSchemas();
  const places = {
    properties: { cake },
    patternProperties: { '^x-': cake },
    items: cake,
    prefixItems: [cake],
    additionalProperties: cake,
    anyOf: [cake, { type: 'array', items: cake }],
  };
  expect(schemas.refer(places)).toEqual({
    properties: { cake: reference },
    patternProperties: { '^x-': reference },
    items: reference,
    prefixItems: [reference],
    additionalProperties: reference,
    anyOf: [reference, { type: 'array', items: reference }],
  });
  expect(schemas.toRecord()).toEqual({ BigCake: cake });
});

test('leaves values alone that only look like schemas', () => {
  const schema = { default: cake, examples: [cake], enum: [cake], const: cake, additionalProperties: false };
  const schemas = new ComponentSchemas();
  expect(schemas.refer(schema)).toEqual(schema);
  expect(schemas.toRecord()).toEqual({});
});

test('a titled schema that takes null is the same component, or null', () => {
  const schemas = new ComponentSchemas();
  expect(schemas.refer({ ...cake, type: ['object', 'null'] })).toEqual({
    anyOf: [reference, { type: 'null' }],
  });
  expect(schemas.refer(cake)).toEqual(reference);
  expect(schemas.toRecord()).toEqual({ BigCake: cake });
});

test('takes the same schema twice, but not another under its title', () => {
  const schemas = new ComponentSchemas();
  schemas.refer(cake);
  schemas.refer(structuredClone(cake));
  expect(() => schemas.refer({ ...cake, type: 'string' })).toThrow('the title "Big Cake"');
  expect(() => schemas.refer({ ...cake, title: 'BigCake' })).toThrow('the title "BigCake"');
});

test('says beside the reference what is said of a titled schema in one place alone', () => {
  const Size = oneOf(['small', 'large'], { title: 'Size', description: 'How big it is.' });
  const described = annotated(Size, { description: 'How big it was.' });
  const schemas = new ComponentSchemas();
  const refer = (schema: TSchema) => schemas.refer(schema as JsonSchema);
  const size = { $ref: '#/components/schemas/Size' };
  expect(refer(described)).toEqual({ ...size, description: 'How big it was.' });
  expect(refer(withDefault(described, 'small'))).toEqual({
    ...size,
    description: 'How big it was.',
    default: 'small',
  });
  expect(refer(withDefault(nullable(described), null))).toEqual({
    anyOf: [size, { type: 'null' }],
    description: 'How big it was.',
    default: null,
  });
  expect(schemas.toRecord()).toEqual({ Size });
  expect(refer(withDefault(Type.Integer(), 3))).toEqual({ type: 'integer', default: 3 });
});

test('refuses a title that cannot name a component', () => {
  expect(() => new ComponentSchemas().refer({ title: 'A/B' })).toThrow('"A/B"');
});

test('drops $id, which would move what references are relative to', () => {
  expect(new ComponentSchemas().refer({ $id: 'x', type: 'string' })).toEqual({ type: 'string' });
});
