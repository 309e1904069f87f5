import { expect, test } from 'vitest';
import { allSettings } from '../../src/config/settings.ts';
import { telephoneSettings } from '../../src/operations/incident-log/on-call-policy.ts';
import { receivers } from './receivers.ts';
import { placeholders, telephonesIn, telephonesOf } from './telephones.ts';

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

test('they are those of the settings', () => {
  const names = [
    'METADATA_ONCALL_TELEPHONE',
    'METADATA_SENIOR_TELEPHONE',
    'METADATA_MANAGER_TELEPHONE',
    'METADATA_CTO_TELEPHONE',
  ];
  expect(telephoneSettings).toEqual(names);
  const known: readonly string[] = allSettings.map(({ name }) => name);
  expect(telephoneSettings.filter((name) => !known.includes(name))).toEqual([]);
  const variables = Object.fromEntries(names.map((name, index) => [name, four[index]]));
  expect(telephonesIn({ ...variables, HOME: '/root' })).toEqual(four);
  expect(telephonesIn({})).toEqual([]);
});

test.each([
  [
    four.slice(1),
    /^3 telephones are given: give one each for on-call engineer, senior engineer, engineering manager, CTO/,
  ],
  [[...four.slice(0, 3), '+49 (30) 90-1820'], /two levels ring the same telephone/],
  [[...four.slice(0, 3), 'the CTO'], /^the CTO: give telephones with their country/],
])('%j is refused', (given, fault) => {
  expect(() => telephonesOf(given)).toThrow(fault);
});
