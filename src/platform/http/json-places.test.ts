import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Place, pointerTo } from './json-places.ts';

/** The keys and values of a value, each by its pointer, in order. */
function* pointersOf(value: unknown, at = ''): Generator<string> {
  yield at;
  if (typeof value !== 'object' || value === null) {
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

/** Every place of a text, found one by one. */
function placesOf(text: string): { readonly pointer: string; readonly place: Place }[] {
  const places: { pointer: string; place: Place }[] = [];
  for (let index = 0; ; index += 1) {
    let seen = 0;
    let place: Place | undefined;
    const pointer = pointerTo(text, (each) => {
      place = each;
      seen += 1;
      return seen > index;
    });
    if (pointer === undefined || place === undefined) {
      return places;
    }
    places.push({ pointer, place });
  }
}

test('every key and every value of a text has its place', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const places = placesOf(text);
      expect(places.map(({ pointer }) => pointer)).toEqual([...pointersOf(JSON.parse(text))]);
      expect(places.filter(({ place }) => place.isRepeatedKey)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('a key that its object has already is told, and no other', () => {
  const text = '{"a": {"a": 1, "b": ["a", {"a": 2}], "a": 3}, "b": "a"}';
  const repeated = placesOf(text).filter(({ place }) => place.isRepeatedKey);
  expect(repeated).toEqual([{ pointer: '/a/a', place: { token: '"a"', depth: 2, isRepeatedKey: true } }]);
});
