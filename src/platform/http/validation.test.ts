import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import {
  exactly,
  JsonObject,
  nullable,
  oneOf,
  pageQuery,
  Tags,
  Timestamp,
  Uuid,
} from '../schemas/common-schemas.ts';
import { createValidatorCompiler } from './validation.ts';

const compile = createValidatorCompiler();

interface Outcome {
  readonly value?: unknown;
  readonly error?: { code: string; status: number; message: string; faults: unknown[] };
}
const validate = (httpPart: string, schema: object, value: unknown): Outcome =>
  compile({ schema, httpPart, method: 'POST', url: '/' })(value) as Outcome;
const faultsOf = (httpPart: string, schema: object, value: unknown): unknown => {
  const { error } = validate(httpPart, schema, value);
  if (error !== undefined) {
    expect(error).toMatchObject({ code: 'request.invalid', status: 422 });
  }
  return error?.faults;
};

const Body = exactly({
  id: Type.Optional(Uuid),
  at: Type.Optional(Timestamp),
  name: Type.String({ minLength: 1, maxLength: 3 }),
  note: Type.Optional(nullable(Type.String())),
  status: Type.Optional(oneOf(['open', 'closed'])),
  count: Type.Optional(Type.Integer({ minimum: 1 })),
  tags: Type.Optional(Tags),
  owner: Type.Optional(exactly({ name: Type.String() })),
  free: Type.Optional(JsonObject),
});

describe('a body', () => {
  test('that is right comes back as it is', () => {
    const body = {
      name: 'abc',
      note: null,
      status: 'open',
      count: 1,
      tags: ['a'],
      free: { any: { thing: [null] } },
    };
    expect(validate('body', Body, structuredClone(body))).toEqual({ value: body });
  });

  test.each([
    ['a missing field', {}, '/name', 'is required'],
    ['an unknown field', { name: 'a', nmae: 'b' }, '/nmae', 'is not a field of this request'],
    [
      'an unknown field deep inside',
      { name: 'a', owner: { name: 'b', 'a/b~': 1 } },
      '/owner/a~1b~0',
      'is not a field of this request',
    ],
    ['another type', { name: 1 }, '/name', 'must be string'],
    ['null', { name: null }, '/name', 'must be string'],
    ['another type where null may be', { name: 'a', note: 1 }, '/note', 'must be string or null'],
    ['a number as text', { name: 'a', count: '1' }, '/count', 'must be integer'],
    ['a fraction', { name: 'a', count: 1.5 }, '/count', 'must be integer'],
    ['too small a number', { name: 'a', count: 0 }, '/count', 'must be >= 1'],
    ['an empty text', { name: '' }, '/name', 'must NOT have fewer than 1 characters'],
    ['too long a text', { name: 'abcd' }, '/name', 'must NOT have more than 3 characters'],
    ['another word', { name: 'a', status: 'Open' }, '/status', 'must be one of open, closed'],
    ['no UUID', { name: 'a', id: '1' }, '/id', 'must be a valid uuid'],
    [
      'no timestamp',
      { name: 'a', at: '2026-02-30T00:00:00Z' },
      '/at',
      'must be a valid date-time of the years 1 to 9999 in UTC, with at most microseconds',
    ],
    [
      'a UUID as a URN, which PostgreSQL does not read',
      { name: 'a', id: 'urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057' },
      '/id',
      'must be a valid uuid',
    ],
    ['a wrong item', { name: 'a', tags: ['b', ''] }, '/tags/1', 'must NOT have fewer than 1 characters'],
  ])('with %s is refused by name', (_, body, pointer, message) => {
    expect(faultsOf('body', Body, body)).toEqual([{ pointer, message }]);
  });

  test('counts characters, not UTF-16 units', () => {
    expect(faultsOf('body', Body, { name: '🐙🐙🐙' })).toBeUndefined();
    expect(faultsOf('body', Body, { name: '🐙🐙🐙🐙' })).toHaveLength(1);
  });

  test.each([[null], [[]], ['text'], [1]])('that is %j is refused as a whole', (body) => {
    expect(validate('body', Body, body).error).toMatchObject({
      message: 'The body must be object',
      faults: [{ pointer: '', message: 'must be object' }],
    });
  });

  test('with several faults is told of all of them, the first in the sentence', () => {
    const { error } = validate('body', Body, { count: 0, x: 1 });
    expect(error?.faults).toHaveLength(3);
    expect(error?.message).toBe('/name is required');
  });

  test('with a hundred faults is told of twenty', () => {
    const body = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, 1]));
    expect(faultsOf('body', Body, { name: 'a', ...body })).toHaveLength(20);
  });
});

describe('a query', () => {
  const Query = exactly({ ...pageQuery, deleted: Type.Optional(Type.Boolean()) });

  test.each(['a\0b', ['a', 'b\0']])(
    'with U+0000, be it one of several values, is refused by name: %j',
    (tag) => {
      const Tagged = exactly({ tag: Type.Union([Type.String(), Type.Array(Type.String())]) });
      expect(faultsOf('querystring', Tagged, { tag })).toEqual([
        { pointer: '/query/tag', message: 'contains the character U+0000' },
      ]);
    },
  );

  test('is text that becomes the numbers and booleans that are asked for', () => {
    expect(validate('querystring', Query, { limit: '7', deleted: 'true' })).toEqual({
      value: { limit: 7, deleted: true },
    });
  });

  test('without a limit has 20', () => {
    expect(validate('querystring', Query, {})).toEqual({ value: { limit: 20 } });
  });

  test.each([
    [{ limit: '0' }, '/query/limit', 'must be >= 1'],
    [{ limit: '101' }, '/query/limit', 'must be <= 100'],
    [{ limit: 'ten' }, '/query/limit', 'must be integer'],
    [{ limit: ['1', '2'] }, '/query/limit', 'must be integer'],
    [{ deleted: 'yes' }, '/query/deleted', 'must be boolean'],
    [{ cursor: '' }, '/query/cursor', 'must NOT have fewer than 1 characters'],
    [{ page: '2' }, '/query/page', 'is not a field of this request'],
  ])('%j is refused by name', (query, pointer, message) => {
    expect(faultsOf('querystring', Query, query)).toContainEqual({ pointer, message });
  });
});

describe('a path', () => {
  test('with what is no UUID is refused by name', () => {
    expect(faultsOf('params', exactly({ team_id: Uuid }), { team_id: 'payments' })).toEqual([
      { pointer: '/path/team_id', message: 'must be a valid uuid' },
    ]);
  });
});
