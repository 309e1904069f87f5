import { ApiError } from '../../platform/errors/api-error.ts';

/** The fields of an object by their names in lower case (RFC 7643, 2.1: their case does not count); empty for what is no object. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return isObject(value)
    ? new Map(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner]))
    : new Map();
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const invalidValue = (name: string, message: string): ApiError =>
  new ApiError('scim.invalid_value', { detail: `${name} ${message}` });

/** A text of so many characters at most; null for null and what is left empty, which is how senders clear it. */
export function textOf(name: string, value: unknown, lengthMax: number): string | null {
  if (value === null || value === undefined || value === '') {
    return null;
  }
  if (typeof value !== 'string') {
    throw invalidValue(name, 'must be a string');
  }
  if (value.length > lengthMax) {
    throw invalidValue(name, `must not be longer than ${lengthMax} characters`);
  }
  return value;
}

/** A boolean; Entra writes it as the text "True" or "False". */
export function booleanOf(name: string, value: unknown): boolean {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'true') {
    return true;
  }
  if (word === false || word === 'false') {
    return false;
  }
  throw invalidValue(name, 'must be true or false');
}

export const invalidFilter = (why: string): ApiError =>
  new ApiError('scim.invalid_filter', { detail: `The filter cannot be used: ${why}` });

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);
