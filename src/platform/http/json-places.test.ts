import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesOf } from './json-places.ts';

/** The keys and plain values of a value, each by its pointer, in order. */
function* pointersOf(value: unknown, at = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield at;
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Array.isArray(value)) {
      yield pointer;
    }
    yield* pointersOf(inner, pointer);
  }
}

test('every key and every plain value of a text has its place', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const places = [...placesOf(text)];
      expect(places.map(({ pointer }) => pointer)).toEqual([...pointersOf(JSON.parse(text))]);
      expect(places.filter(({ isRepeatedKey }) => isRepeatedKey)).toEqual([]);
      for (const { offset } of places) {
        expect(text[offset]).toMatch(/["\-\dtfn]/);
      }
    }),
  );
});

test('a key that its object has already is told, and no other', () => {
  const text = '{"a": {"a": 1, "b": ["a", {"a": 2}], "a": 3}, "b": "a"}';
  const repeated = [...placesOf(text)].filter(({ isRepeatedKey }) => isRepeatedKey);
  expect(repeated).toEqual([{ pointer: '/a/a', offset: text.lastIndexOf('"a": 3'), isRepeatedKey: true }]);
});
