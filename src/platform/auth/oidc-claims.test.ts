import { describe, expect, test } from 'vitest';
import { groupsIn, tenantOfIssuer, verifiedEmailIn } from './oidc-claims.ts';

const email = 'ada@Example.com';

describe('an address is verified', () => {
  test.each([
    ['email_verified', [{ email, email_verified: true }], email],
    ['email_verified', [{ email }, { email, email_verified: true }], email],
    ['email_verified', [{ email }], undefined],
    ['email_verified', [{ email, email_verified: 'true' }], undefined],
    [
      'email_verified',
      [
        { email, email_verified: true },
        { email, email_verified: false },
      ],
      undefined,
    ],
    ['email_verified', [{ email, email_verified: true }, { email: 'eve@example.com' }], undefined],
    ['hosted_domain', [{ email, email_verified: true, hd: 'example.com' }], email],
    ['hosted_domain', [{ email, email_verified: true }], undefined],
    ['hosted_domain', [{ email, email_verified: true, hd: 'other.example.com' }], undefined],
    ['hosted_domain', [{ email, hd: 'example.com' }], undefined],
    ['xms_edov', [{ email, xms_edov: true }], email],
    ['xms_edov', [{ email, xms_edov: '1' }], email],
    ['xms_edov', [{ email, xms_edov: false }], undefined],
    ['xms_edov', [{ email }], undefined],
    ['xms_edov', [{ email, email_verified: true }], undefined],
    ['always', [{ email }], email],
    ['always', [{ email, email_verified: false }], undefined],
    ['always', [{ email: ['a'] }], undefined],
    ['always', [{}], undefined],
  ] as const)('by %s of %j: %s', (trust, told, expected) => {
    expect(verifiedEmailIn(told, trust)).toBe(expected);
  });
});

const many = (count: number) => Array.from({ length: count }, (_, index) => `group ${index}`);

describe('groups are', () => {
  test.each([
    ['all of a list', { groups: ['a', 'b'] }, { groups: ['a', 'b'], isComplete: true }],
    ['none of an empty one', { groups: [] }, { groups: [], isComplete: true }],
    [
      'some of as many as a provider cuts at',
      { groups: many(100) },
      { groups: many(100), isComplete: false },
    ],
    [
      'some of as many as another one cuts at',
      { groups: many(200) },
      { groups: many(200), isComplete: false },
    ],
    ['not known without the claim', {}, undefined],
    ['not known of one text', { groups: 'a' }, undefined],
    ['not known of other things', { groups: ['a', 1] }, undefined],
    ['not known of null', { groups: null }, undefined],
    ['not known of more than can be', { groups: many(1_001) }, undefined],
    [
      'not known where they are elsewhere',
      { _claim_names: { groups: 'src1' }, _claim_sources: {} },
      undefined,
    ],
    [
      'not known where they are elsewhere, too',
      { groups: ['a'], _claim_names: { groups: 'src1' } },
      undefined,
    ],
    ['not known of too many in an implicit flow', { groups: [], hasgroups: true }, undefined],
    ['not known of a distributed claim', { 'groups:src1': 'https://graph.example.com' }, undefined],
  ])('%s', (_, claims, expected) => {
    expect(groupsIn(claims, 'groups')).toEqual(expected);
  });
});

test.each([
  [
    'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    '9188040d-6c67-4c5b-b112-36a304b66dad',
  ],
  ['https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/', '9188040d-6c67-4c5b-b112-36a304b66dad'],
  ['https://login.microsoftonline.com.evil.example.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0', undefined],
  ['https://acme.okta.com', undefined],
])('the directory of %s is %s', (issuer, tenant) => {
  expect(tenantOfIssuer(issuer)).toBe(tenant);
});
