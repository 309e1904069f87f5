import { expect, test } from 'vitest';
import { newKeyPair, pairAlgorithms, readKeyPair, thumbprintOf } from './key-pair.ts';

test('the id of a key is its thumbprint, as RFC 7638 and RFC 8037 have it', () => {
  const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  expect(thumbprintOf({ ...ed25519, alg: 'EdDSA' })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  expect(thumbprintOf({ kty: 'RSA', n, e: 'AQAB', kid: '2011-04-29' })).toBe(
    'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  );
});

test.each(pairAlgorithms)(
  'a key pair for %s is read as it was made, and shows what is public',
  async (algorithm) => {
    const { kid, key } = await newKeyPair(algorithm);
    const pair = readKeyPair(kid, key);
    expect(pair).toMatchObject({ algorithm, jwk: { kid, alg: algorithm, use: 'sig' } });
    expect(thumbprintOf(pair?.jwk ?? {})).toBe(kid);
    const shown = Object.keys(pair?.jwk ?? {}).toSorted();
    expect(shown).toEqual(
      (algorithm === 'EdDSA' ? ['crv', 'x'] : ['e', 'n']).concat('alg', 'kid', 'kty', 'use').toSorted(),
    );
  },
);

test('what is a secret is no key pair, whatever it says', () => {
  expect(readKeyPair('0123456789abcdef', '{"kty":"OKP"}')).toBeUndefined();
});
