import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { surveyJson } from './json-survey.ts';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

/** The refusal of a text: its sentence and the pointers it names. */
function refusalOf(text: string | Buffer): { detail: string; pointers: string[] } {
  try {
    parseStrictJson(Buffer.from(text as string));
  } catch (error) {
    if (error instanceof ApiError) {
      expect(error).toMatchObject({ code: 'request.invalid', status: 422 });
      return { detail: error.message, pointers: error.faults.map(({ pointer }) => pointer) };
    }
    throw error;
  }
  throw new Error('the text was accepted');
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const objectOf = (keys: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, index])));

describe('JSON', () => {
  test('comes out as JSON.parse gives it, whatever it is', () => {
    const withoutMinusZero = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/-0\b/.test(JSON.stringify(value)));
    const isClean = (text: string) => !/\\u0000|\\ud[89a-f]/i.test(text);
    fc.assert(
      fc.property(withoutMinusZero, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(isClean(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['broken off', '{"a": ', 'The body is not valid JSON'],
    ['empty', '', 'The body is not valid JSON'],
    ['with a byte order mark', '\ufeff{}', 'The body is not valid JSON'],
    ['with NaN', '{"a": NaN}', 'The body is not valid JSON'],
    ['with a comment', '{} // no', 'The body is not valid JSON'],
  ])('%s is refused', (_, text, detail) => {
    expect(refusalOf(text)).toEqual({ detail, pointers: [] });
  });

  test('that is not UTF-8 is refused', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(refusalOf(Buffer.from(bytes)).detail).toBe('The body is not valid UTF-8');
    }
  });
});

describe('keys', () => {
  test.each([
    ['twice', '{"a": 1, "a": 2}', '/a'],
    ['twice, spelled in two ways', '{"a": 1, "\\u0061": 2}', '/a'],
    ['twice, deep inside', '{"x": [{"a": {"b": 1}}, {"a": {"b": {}, "c": "b", "b": 1}}]}', '/x/1/a/b'],
    ['twice, and to be escaped', '{"a/b": {"~": 1, "~": 1}}', '/a~1b/~0'],
    ['twice, and called __proto__', '{"__proto__": 1, "__proto__": 1}', '/__proto__'],
    ['twice, and empty', '{"a": [[], {}, {"": 1, "": 2}]}', '/a/2/'],
  ])('%s are refused, with a pointer', (_, text, pointer) => {
    expect(refusalOf(text)).toEqual({ detail: `${pointer} is given twice`, pointers: [pointer] });
  });

  test('of one name in two objects are two keys', () => {
    expect(parse('[{"a": 1}, {"a": {"a": 2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }]);
  });

  test('in strings are no keys', () => {
    expect(parse('{"a": "{\\"a\\": 1, \\"a\\": 2}", "b": "c:"}')).toEqual({ a: '{"a": 1, "a": 2}', b: 'c:' });
  });

  test.each(['__proto__', '\\u005f_proto__', 'constructor', 'toString', 'hasOwnProperty', 'toJSON', ''])(
    'named %j are data like any other, and lend nothing to what holds them',
    (key) => {
      const text = `{"a": [{"${key}": {"isAdmin": true}}]}`;
      const { a } = parse(text) as { a: [Record<string, unknown>] };
      expect(JSON.stringify({ a })).toBe(JSON.stringify(JSON.parse(text)));
      expect(Object.keys(a[0])).toEqual([JSON.parse(`"${key}"`)]);
      expect([a[0]['isAdmin'], Object.getPrototypeOf(a[0])]).toEqual([undefined, Object.prototype]);
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    },
  );

  test('are at most 1,000', () => {
    expect(parse(objectOf(1_000))).toBeTypeOf('object');
    expect(refusalOf(objectOf(1_001)).detail).toMatch(/more than 1000 keys/);
  });

  test('are pointed at with ~ and / escaped (RFC 6901)', () => {
    expect(refusalOf('{"a/b~c": "\\u0000"}').pointers).toEqual(['/a~1b~0c']);
  });
});

describe('depth', () => {
  test('is at most 32 levels', () => {
    expect(parse(nested(32))).toBeTypeOf('object');
    expect(refusalOf(nested(33))).toEqual({
      detail: '/a/a is nested deeper than 32 levels',
      pointers: ['/a/a'],
    });
    expect(refusalOf(`${'['.repeat(33)}${']'.repeat(33)}`).detail).toMatch(/nested deeper/);
  });

  test('of 100,000 does not overflow the stack', () => {
    expect(refusalOf(nested(100_000)).detail).toMatch(/nested deeper|not valid JSON/);
  });
});

describe('values', () => {
  test('are at most 20,000', () => {
    expect(parse(JSON.stringify(Array(19_000).fill(1)))).toHaveLength(19_000);
    expect(refusalOf(JSON.stringify(Array(20_001).fill(1))).detail).toMatch(/20000 values/);
  });

  test.each([
    ['numbers', '1,'.repeat(500_000)],
    ['lists', '[],'.repeat(300_000)],
    ['objects', '{},'.repeat(300_000)],
    ['keys', '"k":1,'.repeat(150_000)],
    ['colons', ':'.repeat(1_000_000)],
    ['quotation marks', '"'.repeat(1_000_000)],
    ['openings', '['.repeat(1_000_000)],
  ])(
    '%s that are too many are refused at the byte that is too much, and nothing is made of them',
    (_, text) => {
      const bytes = Buffer.from(`[${text}`);
      let read = 0;
      const counting = new Proxy(bytes, {
        get(target, key) {
          read += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      expect(surveyJson(counting).excess).toMatch(/depth|size/);
      expect(read).toBeLessThan(300_000);
    },
  );

  test('that are compared digit by digit are at most 2,000', () => {
    const exact = '0.0000000000009094947017729282379150390625';
    expect(parse(`[${Array(2_000).fill(exact).join(',')}]`)).toHaveLength(2_000);
    expect(refusalOf(`[${Array(2_001).fill(exact).join(',')}]`).detail).toMatch(/2000 numbers/);
  });
});

describe('numbers', () => {
  test.each([
    '0',
    '-0',
    '0.0e5',
    '1',
    '1.50e3',
    '0.1',
    '9007199254740991',
    '9007199254740992',
    '9007199254740992.0',
    '1e23',
    '-1.7976931348623157e308',
    '9.9999999999999992e+22',
    '5e-324',
    '0.12345678901234568',
    '0.10000000000000001',
    '1.2345e-05',
  ])('%s is kept', (token) => expect(parse(`{"n": ${token}}`)).toEqual({ n: Number(token) }));

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '9007199254740993.0',
    '9007199254740993e0',
    '900719925474099.3e1',
    '123456789012345678901234567890',
    '9007199254740993.5',
    '0.1234567890123456789',
    '3.14159265358979323846',
    '1e400',
    '-1e400',
    '1e-400',
    '1e131072',
    '-1e131072',
    '1e-131072',
    '1e-99999999999',
  ])('%s is refused: it would come back as another number', (token) =>
    expect(refusalOf(`{"m": ["${token}", {"n": [1, ${token}]}]}`)).toEqual({
      detail: `/m/1/n/1 is ${token}, which cannot be kept exactly; send it as a string or with fewer digits`,
      pointers: ['/m/1/n/1'],
    }),
  );

  test('that JavaScript prints are all kept', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const values = [String(number), number.toExponential(), number.toPrecision(17)];
        expect(parse(`[${values.join(', ')}]`)).toEqual(values.map(Number));
      }),
    );
  });

  test.each(['2.7987959400274762e+14', '2.7987959400274763e+14'])(
    '%s is kept: half-way between both, it is printed as either',
    (token) => expect(parse(`[${token}]`)).toEqual([279_879_594_002_747.62]),
  );

  test('in strings are left alone', () => {
    expect(parse('["9007199254740993", "1e400"]')).toEqual(['9007199254740993', '1e400']);
  });

  test('of a million digits take no time worth telling', () => {
    const zeros = '0'.repeat(900_000);
    expect(refusalOf(`[1.${zeros}1]`).detail).toMatch(/cannot be kept/);
    expect(parse(`[1.${zeros}]`)).toEqual([1]);
    expect(refusalOf(`[0.${zeros}1]`).detail).toMatch(/cannot be kept/);
    expect(refusalOf(`[1${zeros}1]`).detail).toMatch(/cannot be kept/);
  });
});

describe('strings', () => {
  test.each([
    ['U+0000', '{"a": {"b": "x\\u0000"}}', '/a/b contains the character U+0000', '/a/b'],
    ['half of a surrogate pair', '{"a": ["\\ud83d"]}', '/a/0 contains half of a surrogate pair', '/a/0'],
    ['U+0000 in a key', '{"a\\u0000": 1}', '/a\\0 contains the character U+0000', '/a\\0'],
  ])('with %s are refused, with a pointer', (_, text, detail, pointer) => {
    expect(refusalOf(text)).toEqual({ detail, pointers: [pointer] });
  });

  test('with a whole surrogate pair are taken', () => {
    expect(parse('"\\ud83d\\udc19"')).toBe('🐙');
  });
});
