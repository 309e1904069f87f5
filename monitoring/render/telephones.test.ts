import { expect, test } from 'vitest';
import { receivers } from './receivers.ts';
import { placeholders, telephonesOf } from './telephones.ts';

const four = ['+49 30 901820', '+49 30 901821', '+49 30 901822', '+49 30 901823'];

/** The number that each of the four who are called is called at, in Alertmanager's file. */
const called = (telephones: readonly string[]): readonly (string | undefined)[] =>
  receivers(undefined, telephones).flatMap(({ pagerduty_configs: pagers = [] }) =>
    pagers.map((pager) => (pager as { details: { telephone?: string } }).details.telephone),
  );

test('each of the four levels has a number of its own', () => {
  expect(called(telephonesOf(four))).toEqual(four);
  expect(called(telephonesOf([]))).toEqual(placeholders);
  expect(new Set(placeholders).size).toBe(4);
});

test.each([
  [
    four.slice(1),
    /given 3 times: give one each for on-call engineer, senior engineer, engineering manager, CTO/,
  ],
  [[...four.slice(0, 3), '+49 (30) 90-1820'], /two levels ring the same telephone/],
  [[...four.slice(0, 3), 'the CTO'], /^--telephone the CTO: give numbers with their country/],
])('%j is refused', (given, fault) => {
  expect(() => telephonesOf(given)).toThrow(fault);
});
