import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Filter, parseFilter, parsePath } from './scim-filter.ts';

const eq = (path: string, value: string | number | boolean | null): Filter => ({ kind: 'eq', path, value });

test.each([
  ['userName eq "ada@example.com"', eq('username', 'ada@example.com')],
  ['USERNAME EQ "Ada"', eq('username', 'Ada')],
  ['active eq true', eq('active', true)],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a"', eq('username', 'a')],
  ['externalId eq "a\\"b"', eq('externalid', 'a"b')],
  ['userName eq "a" and active eq false', { kind: 'and', all: [eq('username', 'a'), eq('active', false)] }],
  [
    'id eq "1" or id eq "2" and active eq true',
    { kind: 'or', all: [eq('id', '1'), { kind: 'and', all: [eq('id', '2'), eq('active', true)] }] },
  ],
  [
    '(id eq "1" or id eq "2") and active eq true',
    { kind: 'and', all: [{ kind: 'or', all: [eq('id', '1'), eq('id', '2')] }, eq('active', true)] },
  ],
  [
    'emails[type eq "work" and value eq "a@b.c"]',
    {
      kind: 'where',
      path: 'emails',
      where: { kind: 'and', all: [eq('type', 'work'), eq('value', 'a@b.c')] },
    },
  ],
  [
    'emails[type eq "work"].value eq "a@b.c"',
    {
      kind: 'where',
      path: 'emails',
      where: { kind: 'and', all: [eq('type', 'work'), eq('value', 'a@b.c')] },
    },
  ],
] as const)('%s is read', (text, filter) => {
  expect(parseFilter(text)).toEqual(filter);
});

test.each([
  'userName',
  'userName eq',
  'userName co "a"',
  'userName pr',
  'not (userName eq "a")',
  'userName eq "a',
  'userName eq a',
  'userName eq "a" and',
  'userName eq "a") or (id eq "1"',
  'userName eq "\\x"',
  `${'('.repeat(12)}id eq "1"${')'.repeat(12)}`,
])('%s is refused', (text) => {
  expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'scim.invalid_filter' }));
});

test('more than fifty terms, or two thousand characters, are refused', () => {
  const terms = Array.from({ length: 51 }, () => 'id eq "1"').join(' or ');
  for (const text of [terms, `userName eq "${'a'.repeat(2_000)}"`]) {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: 'scim.invalid_filter' }));
  }
});

test.each([
  ['members', { attribute: 'members' }],
  ['name.givenName', { attribute: 'name', sub: 'givenname' }],
  ['members[value eq "1"]', { attribute: 'members', where: eq('value', '1') }],
  ['emails[type eq "work"].value', { attribute: 'emails', where: eq('type', 'work'), sub: 'value' }],
  ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName', { attribute: 'displayname' }],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', { attribute: '' }],
] as const)('the path %s is read', (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each(['', ' ', 'a.b.c', 'members[', 'members[value]', 'a b', 'emails[type eq "work"].value.x'])(
  'the path "%s" is refused',
  (text) => {
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ code: 'scim.invalid_path' }));
  },
);

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((word) => !['and', 'or', 'eq'].includes(word));
const leaf = fc.record({
  kind: fc.constant('eq' as const),
  path: name,
  value: fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer()),
});
const filters: fc.Arbitrary<Filter> = fc.oneof(
  leaf,
  fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    all: fc.array(leaf, { minLength: 2, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('where' as const), path: name, where: leaf }),
);
const written = (filter: Filter): string => {
  if (filter.kind === 'eq') {
    return `${filter.path} eq ${JSON.stringify(filter.value)}`;
  }
  return filter.kind === 'where'
    ? `${filter.path}[${written(filter.where)}]`
    : filter.all.map(written).join(` ${filter.kind} `);
};

test('whatever filter is written is read as it was meant', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(parseFilter(written(filter))).toEqual(filter);
    }),
  );
});

test('whatever comes is a filter or refused in the words of SCIM', () => {
  const piece = fc.constantFrom(
    'userName',
    'eq',
    '"a"',
    'and',
    'or',
    '(',
    ')',
    '[',
    ']',
    '.',
    'true',
    '"',
    '\\',
    ' ',
    '1',
    'é',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const parse of [parseFilter, parsePath]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }
    }),
  );
});
