import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RequestIds } from './request-id.ts';

const ids = new RequestIds();

const idFor = (given?: string | string[]): string =>
  ids.of({ headers: given === undefined ? {} : { 'x-request-id': given } });
const newId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a request id', () => {
  test.each(['a', 'trace-4711', '01890a5d-ac96-774b-bcce-b302099a8057', 'A.b_c-9', 'x'.repeat(128)])(
    'is the caller’s where it is sane: %s',
    (given) => expect(idFor(given)).toBe(given),
  );

  test.each(['', ' ', 'a b', 'x'.repeat(129), 'a\nb', '"a"', '{"a":1}', '<b>', 'é', '../../etc'])(
    'is a new one where the caller’s is not: %j',
    (given) => expect(idFor(given)).toMatch(newId),
  );

  test('is a new one where there is none, or more than one', () => {
    expect(idFor()).toMatch(newId);
    expect(idFor(['a', 'b'])).toMatch(newId);
    expect(idFor()).not.toBe(idFor());
  });

  test('stands in the header from then on, in place of what was there', () => {
    const request = { headers: { 'x-request-id': 'not sane' } };
    expect(ids.settle(request)).toBe(request.headers['x-request-id']);
    expect(request.headers['x-request-id']).toMatch(newId);
  });

  test('can stand in a log line and a header, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        expect(idFor(given)).toMatch(/^[\w.-]{1,128}$/);
      }),
    );
  });
});
