import { expect, test } from 'vitest';
import { canonicalJson, hashOf } from './canonical-json.ts';

test('a value has the spelling that RFC 8785 gives it', () => {
  // The examples of section 3.2.3 and appendix B.
  expect(
    canonicalJson(
      JSON.parse(
        '{"\\u20ac":"Euro","\\r":"CR","\\ufb33":"Dalet","1":"One","\\ud83d\\ude00":"Smile","\\u0080":"Control","\\u00f6":"o"}',
      ),
    ),
  ).toBe('{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro","😀":"Smile","\ufb33":"Dalet"}');
  const numbers = [
    0,
    -0,
    5e-324,
    1e21,
    Number('333333333.33333329'),
    1e-27,
    9007199254740991,
    4.5,
    2e-3,
    1.1,
  ];
  expect(canonicalJson(numbers)).toBe(
    '[0,0,5e-324,1e+21,333333333.3333333,1e-27,9007199254740991,4.5,0.002,1.1]',
  );
  expect(canonicalJson({ b: [{ z: null, a: '\u001f"\\/' }], a: {} })).toBe(
    '{"a":{},"b":[{"a":"\\u001f\\"\\\\/","z":null}]}',
  );
});

test('members that JavaScript means something by are data', () => {
  expect(canonicalJson(JSON.parse('{"__proto__":{"a":1},"constructor":2}'))).toBe(
    '{"__proto__":{"a":1},"constructor":2}',
  );
});

test('the hash is the same wherever it is made', () => {
  // printf '{"a":1,"b":[true,null]}' | sha256sum
  expect(hashOf({ b: [true, null], a: 1 })).toBe(
    '1cc69c7fa23616ca2ec3ee70d24390a6225c8832db8a4c814c7e0e7f942f8668',
  );
});
