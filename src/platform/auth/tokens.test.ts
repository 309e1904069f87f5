import { createHmac, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fixedKey, newKeyPair, readKeyPair, type SigningKey } from './key-ring/index.ts';
import { Tokens } from './tokens.ts';

const secret = 'a-secret-for-unit-tests-0123456789abcdef';
const tokens = new Tokens({ keys: fixedKey(secret), algorithm: 'HS256', expiresMinutes: 60 });
const subject = {
  userId: randomUUID(),
  orgId: randomUUID(),
  sessionId: randomUUID(),
  email: 'ada@example.com',
  roles: ['admin'],
  amr: ['pwd', 'otp', 'mfa'],
};
const named = { userId: subject.userId, orgId: subject.orgId, sessionId: subject.sessionId };

afterEach(() => void vi.useRealTimers());

const partOf = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token put together by hand, whatever its claims. */
function forge(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
const inAnHour = () => Math.floor(Date.now() / 1000) + 3_600;
const accessToken = { alg: 'HS256', typ: 'at+jwt' };
const claims = () => ({ sub: subject.userId, org_id: subject.orgId, exp: inAnHour() });

const ofASession = () => ({
  ...claims(),
  sid: subject.sessionId,
  jti: randomUUID(),
  iss: 'brownie-metadata-api',
  aud: 'brownie-metadata-api',
});

describe('a token', () => {
  test('says who, where and until when, and nothing else', () => {
    const { access_token: token, ...rest } = tokens.issue(subject);
    expect(rest).toEqual({ token_type: 'bearer', expires_in: 3_600 });
    expect(partOf(token, 0)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    const { iat, exp, jti, ...said } = partOf(token, 1);
    expect(said).toEqual({
      sub: subject.userId,
      org_id: subject.orgId,
      sid: subject.sessionId,
      iss: 'brownie-metadata-api',
      aud: 'brownie-metadata-api',
      email: subject.email,
      roles: ['admin'],
      amr: ['pwd', 'otp', 'mfa'],
    });
    expect(exp - iat).toBe(3_600);
    expect(jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test('is another one each time', () => {
    expect(tokens.issue(subject).access_token).not.toBe(tokens.issue(subject).access_token);
  });

  test('lives as long as is configured', () => {
    const short = new Tokens({ keys: fixedKey(secret), algorithm: 'HS256', expiresMinutes: 5 }).issue(
      subject,
    );
    const { iat, exp } = partOf(short.access_token, 1);
    expect([short.expires_in, exp - iat]).toEqual([300, 300]);
  });

  test('names its user and organization to whoever verifies it', () => {
    expect(tokens.verify(tokens.issue(subject).access_token)).toEqual(named);
    expect(tokens.verify(forge(ofASession(), accessToken))).toEqual(named);
  });

  test('of a release before sessions names none', () => {
    expect(tokens.verify(forge(claims()))).toEqual({ ...named, sessionId: undefined });
  });

  test('outlives its hour by a minute of clock difference, and no longer', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { access_token: token } = tokens.issue(subject);
    vi.setSystemTime(Date.now() + 3_600_000 + 55_000);
    expect(tokens.verify(token)).toEqual(named);
    vi.setSystemTime(Date.now() + 10_000);
    expect(tokens.verify(token)).toBeUndefined();
  });

  test('that is known already is refused with its key', () => {
    const keys = { ...fixedKey(secret) };
    const own = new Tokens({ keys, algorithm: 'HS256', expiresMinutes: 60 });
    const { access_token: token } = own.issue(subject);
    expect(own.verify(token)).toEqual(named);
    keys.named = () => [];
    expect(own.verify(token)).toBeUndefined();
  });
});

describe('what is not a token of ours', () => {
  const [header = '', payload = '', signature = ''] = tokens.issue(subject).access_token.split('.');
  const lastLetterWithOtherUnusedBits = String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1);

  test.each([
    ['nothing', ''],
    ['two parts', `${header}.${payload}`],
    ['no signature', `${header}.${payload}.`],
    ['another signature', `${header}.${payload}.${'A'.repeat(43)}`],
    ['padding', `${header}.${payload}.${signature}=`],
    [
      'another spelling of the signature',
      `${header}.${payload}.${signature.slice(0, -1)}${lastLetterWithOtherUnusedBits}`,
    ],
    ['another spelling of the header', `${header}=.${payload}.${signature}`],
    ['algorithm none', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
    ['algorithm none, signed', forge(claims(), { alg: 'none' })],
    [
      'another algorithm',
      new Tokens({ keys: fixedKey(secret), algorithm: 'HS512', expiresMinutes: 60 }).issue(subject)
        .access_token,
    ],
    [
      'another secret',
      new Tokens({ keys: fixedKey(`${secret}x`), algorithm: 'HS256', expiresMinutes: 60 }).issue(subject)
        .access_token,
    ],
    ['no expiry', forge({ ...claims(), exp: undefined })],
    ['no user', forge({ ...claims(), sub: undefined })],
    ['no organization', forge({ ...claims(), org_id: undefined })],
    ['a user that is no UUID', forge({ ...claims(), sub: "'; select 1 --" })],
    ['an organization that is no text', forge({ ...claims(), org_id: 1 })],
    ['a token that is not valid yet', forge({ ...claims(), nbf: inAnHour() })],
    ['another issuer', forge({ ...ofASession(), iss: 'somebody-else' }, accessToken)],
    ['another audience', forge({ ...ofASession(), aud: 'somebody-else' }, accessToken)],
    ['no issuer', forge({ ...ofASession(), iss: undefined }, accessToken)],
    ['no audience', forge({ ...ofASession(), aud: undefined }, accessToken)],
    ['no id', forge({ ...ofASession(), jti: undefined }, accessToken)],
    ['no session', forge({ ...ofASession(), sid: undefined }, accessToken)],
    ['a session that is no UUID', forge({ ...ofASession(), sid: '1' }, accessToken)],
    ['a session in a token of no type', forge(ofASession())],
    ['another audience in a token of no type', forge({ ...claims(), aud: 'somebody-else' })],
    ['the type of an ID token', forge(ofASession(), { alg: 'HS256', typ: 'id+jwt' })],
    ['the type of a logout token', forge(ofASession(), { alg: 'HS256', typ: 'logout+jwt' })],
    ['a refresh token', randomBytes(32).toString('base64url')],
  ])('%s is refused', (_, token) => {
    expect(tokens.verify(token)).toBeUndefined();
  });
});

describe.each(['EdDSA', 'RS256'] as const)('a key pair for %s', async (algorithm) => {
  const made = await newKeyPair(algorithm);
  const pair = readKeyPair(made.kid, made.key);
  const of = (key: SigningKey) => ({
    ...fixedKey(''),
    current: () => key,
    named: () => [key],
    all: () => [key],
  });
  const key: SigningKey = { ...made, pair, status: 'current', acceptsUnnamed: false };
  const own = new Tokens({ keys: of(key), algorithm, expiresMinutes: 60 });
  const { access_token: token } = own.issue(subject);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const heads = { alg: algorithm, typ: 'at+jwt', kid: made.kid };
  const signedBy = (secretKey: string, alg: string, hash = 'sha256') => {
    const signed = `${encode({ ...heads, alg })}.${payload}`;
    return `${signed}.${createHmac(hash, secretKey).update(signed).digest('base64url')}`;
  };

  test('signs what whoever has the public key verifies', () => {
    expect(partOf(token, 0)).toEqual(heads);
    expect(own.verify(token)).toEqual(named);
    const publicKey = createPublicKey({ key: { ...pair?.jwk }, format: 'jwk' });
    const hash = algorithm === 'EdDSA' ? null : 'sha256';
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify(hash, signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('is the same whatever is configured for new keys', () => {
    const later = new Tokens({ keys: of(key), algorithm: 'HS256', expiresMinutes: 60 });
    expect(later.verify(token)).toEqual(named);
    expect(partOf(later.issue(subject).access_token, 0)).toEqual(heads);
  });

  test.each([
    ['its public key as a secret', () => signedBy(pair?.publicKey ?? '', 'HS256')],
    ['its public JWK as a secret', () => signedBy(JSON.stringify(pair?.jwk), 'HS256')],
    ['its public key as a secret of 512 bits', () => signedBy(pair?.publicKey ?? '', 'HS512', 'sha512')],
    ['an HMAC that calls itself by its algorithm', () => signedBy(pair?.publicKey ?? '', algorithm)],
    ['no algorithm', () => `${encode({ ...heads, alg: 'none' })}.${payload}.`],
    ['no signature', () => `${header}.${payload}.`],
    ['another algorithm of its own', () => `${encode({ ...heads, alg: 'PS256' })}.${payload}.${signature}`],
    ['another payload', () => `${header}.${encode({ ...partOf(token, 1), roles: ['owner'] })}.${signature}`],
    ['a key that the token brings', () => `${encode({ ...heads, jwk: pair?.jwk })}.${payload}.${signature}`],
  ])('does not take %s', (_, forged) => {
    expect(own.verify(forged())).toBeUndefined();
  });

  test('does not take the signature of another pair', async () => {
    const other = await newKeyPair(algorithm);
    const theirs = new Tokens({
      keys: of({
        ...other,
        pair: readKeyPair(other.kid, other.key),
        status: 'current',
        acceptsUnnamed: false,
      }),
      algorithm,
      expiresMinutes: 60,
    });
    expect(own.verify(theirs.issue(subject).access_token)).toBeUndefined();
  });

  test('leaves tokens of a secret of before as they are', () => {
    const late = new Tokens({ keys: fixedKey(secret), algorithm, expiresMinutes: 60 });
    expect(late.verify(tokens.issue(subject).access_token)).toEqual(named);
    expect(tokens.verify(late.issue(subject).access_token)).toEqual(named);
  });
});
