import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { toIsoTimestamp, typeParsers } from './types.ts';

describe('a timestamp', () => {
  test.each([
    ['2025-10-24 04:00:00+00', '2025-10-24T04:00:00.000Z'],
    ['2025-10-24 04:00:00.1+00', '2025-10-24T04:00:00.100Z'],
    ['2025-10-24 04:00:00.12+00', '2025-10-24T04:00:00.120Z'],
    ['2025-10-24 04:00:00.123+00', '2025-10-24T04:00:00.123Z'],
    ['2025-10-24 04:00:00.123456+00', '2025-10-24T04:00:00.123456Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['12345-01-01 00:00:00+00', '12345-01-01T00:00:00.000Z'],
  ])('%s becomes %s', (text, iso) => {
    expect(toIsoTimestamp(text)).toBe(iso);
  });

  test('names the same instant, whatever it is', () => {
    const date = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (instant) => {
        const iso = instant.toISOString();
        const asPostgresPrints = iso.replace('T', ' ').replace(/\.?0*Z$/, '+00');
        expect(toIsoTimestamp(asPostgresPrints)).toBe(iso);
      }),
    );
  });

  test.each([
    '2025-10-24 04:00:00+02',
    '2025-10-24 04:00:00',
    '24/10/2025 04:00:00 UTC',
    'infinity',
    '0044-03-15 00:00:00+00 BC',
  ])('%s is refused: the session is not set as it must be', (text) => {
    expect(() => toIsoTimestamp(text)).toThrow('the session must run in UTC with DateStyle ISO');
  });
});

describe('columns come out', () => {
  const { builtins } = pg.types;
  const parse = (oid: number, text: string): unknown =>
    (typeParsers.getTypeParser(oid, 'text') as (value: string) => unknown)(text);

  test.each([
    ['timestamptz', builtins.TIMESTAMPTZ, '2025-10-24 04:00:00+00', '2025-10-24T04:00:00.000Z'],
    ['int8', builtins.INT8, '9007199254740991', Number.MAX_SAFE_INTEGER],
    ['int4', builtins.INT4, '-7', -7],
    ['bool', builtins.BOOL, 't', true],
    ['jsonb', builtins.JSONB, '{"a": [1]}', { a: [1] }],
    ['float8', builtins.FLOAT8, '0.1', 0.1],
  ])('of %s in the shape of the API', (_, oid, text, value) => {
    expect(parse(oid, text)).toEqual(value);
  });
});
