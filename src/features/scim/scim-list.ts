import { type Static, Type } from 'typebox';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Filter, parseFilter } from './scim-filter.ts';
import type { Slice } from './scim-user-store.ts';
import { invalidValue } from './scim-value.ts';

/** Resources a page; told by ServiceProviderConfig. */
export const pageMax = 200;
const usual = 100;

const whole = (description: string, examples: readonly number[]) =>
  Type.Optional(Type.Integer({ description, examples }));

const attributesQuery = {
  attributes: Type.Optional(
    Type.String({
      description: 'The attributes to answer with, with commas between them; `id` and `schemas` always are.',
      examples: ['userName,active'],
    }),
  ),
  excludedAttributes: Type.Optional(
    Type.String({ description: 'The attributes to leave out.', examples: ['members'] }),
  ),
};

/** @NOTE parameters that are not known are passed over, not refused: Entra has a switch among them, `aadOptscim062020`. */
export const AnyQuery = Type.Object({}, { additionalProperties: true });
export const ResourceQuery = Type.Object(attributesQuery, { additionalProperties: true });
export const ListQuery = Type.Object(
  {
    filter: Type.Optional(
      Type.String({
        description: 'Which ones: `eq`, `and`, `or` and parentheses are taken.',
        examples: ['userName eq "ada@example.com"'],
      }),
    ),
    startIndex: whole('The first one to answer with, from 1.', [1]),
    count: whole(`How many at most, up to ${pageMax}; 0 for their number alone.`, [100]),
    ...attributesQuery,
  },
  { additionalProperties: true },
);
export type ListQuery = Static<typeof ListQuery>;
export type ResourceQuery = Static<typeof ResourceQuery>;

export interface Listing {
  readonly filter: Filter | undefined;
  readonly slice: Slice;
}

/** What a query asks for (RFC 7644, 3.4.2.4: what is less than 1 is 1, a negative count 0). */
export function listingOf({ filter, startIndex = 1, count = usual }: ListQuery): Listing {
  if (filter !== undefined && filter.trim() === '') {
    throw new ApiError('scim.invalid_filter', { detail: 'The filter is empty' });
  }
  if (startIndex > 1_000_000_000) {
    throw invalidValue('startIndex', 'is too large');
  }
  return {
    filter: filter === undefined ? undefined : parseFilter(filter),
    slice: { offset: Math.max(1, startIndex) - 1, count: Math.min(pageMax, Math.max(0, count)) },
  };
}

/** A resource with the attributes that a query asks for; whatever their case, and below one of them. `id` and `schemas` are always there. */
export function projected<Resource extends object>(resource: Resource, query: ResourceQuery): Resource {
  return Object.fromEntries(
    Object.entries(resource).filter(
      ([name]) => name === 'id' || name === 'schemas' || shows(query, name.toLowerCase()),
    ),
  ) as Resource;
}

/** Whether an attribute is answered with. */
export function shows({ attributes, excludedAttributes }: ResourceQuery, name: string): boolean {
  const wanted = namesIn(attributes);
  return wanted.length > 0
    ? wanted.some((each) => each === name || each.startsWith(`${name}.`))
    : !namesIn(excludedAttributes).includes(name);
}

const namesIn = (list = ''): readonly string[] =>
  list
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/, ''))
    .filter((name) => name !== '');
