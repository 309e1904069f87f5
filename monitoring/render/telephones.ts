import {
  contacts,
  escalationLevels,
  telephoneSettings,
} from '../../src/operations/incident-log/on-call-policy.ts';

/** The numbers of the four who are called one after the other, on-call first; placeholders, which nobody answers. */
export const placeholders: readonly string[] = [
  contacts.oncall.telephone ?? '',
  ...escalationLevels.map(({ telephone }) => telephone),
];

/** The numbers that the settings of the service hold. */
export const telephonesIn = (variables: Readonly<Record<string, string | undefined>>): readonly string[] =>
  telephoneSettings.map((name) => variables[name]).filter((number) => number !== undefined);

/**
 * The numbers that were given, or the placeholders where none was. Throws where they are not four, or two are the same: a level that rings
 * whoever has not answered before calls nobody.
 */
export function telephonesOf(given: readonly string[]): readonly string[] {
  if (given.length === 0) {
    return placeholders;
  }
  if (given.length !== placeholders.length) {
    const roles = ['on-call engineer', ...escalationLevels.map(({ who }) => who)].join(', ');
    throw new Error(`${given.length} telephones are given: give one each for ${roles}, in this order`);
  }
  const digits = given.map((number) => number.replace(/[^\d+]/g, ''));
  const wrong = given.filter((_, index) => !/^\+\d{7,15}$/.test(digits[index] ?? ''));
  if (wrong.length > 0) {
    throw new Error(`${wrong.join(', ')}: give telephones with their country, such as +49 30 901820`);
  }
  if (new Set(digits).size < digits.length) {
    throw new Error(`${given.join(', ')}: two levels ring the same telephone; give four different ones`);
  }
  return given;
}
