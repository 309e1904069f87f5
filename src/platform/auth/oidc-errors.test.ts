import { describe, expect, test } from 'vitest';
import { isProvidersFault, reasonOf } from './oidc-errors.ts';

const coded = (fields: object): Error => Object.assign(new Error('eyJ-claims-and-tokens'), fields);

describe('the reason of a failure', () => {
  test.each([
    [coded({ code: 'OAUTH_INVALID_RESPONSE' }), 'OAUTH_INVALID_RESPONSE'],
    [new TypeError('fetch failed', { cause: coded({ code: 'ECONNREFUSED' }) }), 'ECONNREFUSED'],
    [coded({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_grant' }), 'invalid_grant'],
    [coded({ code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR', error: 'eyJ' }), 'unknown_error'],
    [coded({ code: 'eyJhbGciOi' }), 'unexpected_error'],
    [coded({ cause: { code: 'eyJ' } }), 'unexpected_error'],
    [new Error('eyJ'), 'unexpected_error'],
  ])('%s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});

test.each([
  [new TypeError('fetch failed'), true],
  [coded({ code: 'OAUTH_TIMEOUT' }), true],
  [coded({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' }), true],
  [coded({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_client' }), true],
  [coded({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_grant' }), false],
  // What a callback says is its sender's, not the provider's.
  [coded({ code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR', error: 'invalid_client' }), false],
  [coded({ code: 'OAUTH_INVALID_RESPONSE' }), false],
  [coded({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' }), false],
])('whether the provider is at fault: %o', (error, isFault) => {
  expect(isProvidersFault(error)).toBe(isFault);
});
