import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { testSecret } from './app.ts';

type Fields = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const encodeText = (text: string): string => Buffer.from(text).toString('base64url');
const decode = (part = ''): Fields => JSON.parse(Buffer.from(part, 'base64url').toString());

/** A token made by hand, with nothing of the library that verifies them. */
function signed(header: Fields, claims: unknown, key = testSecret, hash = 'sha256'): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name));

/** A token that is right, made by hand as those below are: were it refused, they would show nothing. */
export function handMade(good: string): string {
  const [header, payload] = good.split('.');
  return signed(decode(header), { ...decode(payload), jti: randomUUID() });
}

/**
 * Tokens that look like `good`, a right one of a session of a user, and are not (RFC 8725; OWASP ASVS 5, chapter 9): each must be
 * refused. By what is wrong with them.
 */
export function badTokens(good: string): Readonly<Record<string, string>> {
  const [headerPart = '', payloadPart = '', signature = ''] = good.split('.');
  const header = decode(headerPart);
  const claims = decode(payloadPart);
  const now = Math.floor(Date.now() / 1000);
  const withClaims = (fields: Fields): string => signed(header, { ...claims, ...fields });
  const withHeader = (fields: Fields): string => signed({ ...header, ...fields }, claims);
  const unsigned = (alg: string): string => `${encode({ ...header, alg })}.${payloadPart}.`;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const jwk = rsa.publicKey.export({ format: 'jwk' });
  const byRsa = (fields: Fields): string => {
    const input = `${encode({ ...header, alg: 'RS256', ...fields })}.${payloadPart}`;
    return `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
  };
  const lastOther = String.fromCharCode((signature.at(-1) ?? 'A').charCodeAt(0) + 1);
  return {
    garbage: 'garbage',
    empty: '',
    'of dots alone': '..',
    'without its signature': `${headerPart}.${payloadPart}`,
    'with an empty signature': `${headerPart}.${payloadPart}.`,
    truncated: good.slice(0, -5),
    padded: `${good}=`,
    'padded in its payload': `${headerPart}.${payloadPart}=.${signature}`,
    'in another spelling of its signature': `${good.slice(0, -1)}${lastOther}`,
    'of four parts': `${good}.${signature}`,
    'of five parts, as if encrypted': `${headerPart}.${payloadPart}.${signature}.${signature}.${signature}`,
    'with a header that is no JSON': `${encodeText('{"alg":"HS256"')}.${payloadPart}.${signature}`,
    'with a header that is null': `${encode(null)}.${payloadPart}.${signature}`,
    'with a payload that is a list': signed(header, [claims]),
    'with a payload that is a text': signed(header, 'claims'),
    'with another payload': `${headerPart}.${encode({ ...claims, sub: randomUUID() })}.${signature}`,
    'signed with another secret': signed(header, claims, 'another-secret-another-secret-anot'),
    'signed with an empty secret': signed(header, claims, ''),
    'of algorithm none': unsigned('none'),
    'of algorithm None': unsigned('None'),
    'of algorithm NONE, signed': withHeader({ alg: 'NONE' }),
    'of no algorithm': signed(without(header, 'alg'), claims),
    'of an algorithm in lower case': withHeader({ alg: 'hs256' }),
    'of algorithms in a list': withHeader({ alg: ['HS256'] }),
    'of another algorithm': signed({ ...header, alg: 'HS512' }, claims, testSecret, 'sha512'),
    'of a shorter algorithm': signed({ ...header, alg: 'HS384' }, claims, testSecret, 'sha384'),
    'that says another algorithm than its own': withHeader({ alg: 'HS512' }),
    'signed with a public key of its own': byRsa({}),
    'with the key that it is signed with': byRsa({ jwk }),
    'with an address of keys': byRsa({ jku: 'http://127.0.0.1:9/keys', x5u: 'http://127.0.0.1:9/keys' }),
    'with a chain of certificates': byRsa({ x5c: [Buffer.from(pem).toString('base64')] }),
    'of a public key as its secret': signed(header, claims, pem),
    'that says RS256 and is signed with the secret': withHeader({ alg: 'RS256' }),
    'that says EdDSA and is signed with the secret': withHeader({ alg: 'EdDSA' }),
    'with a symmetric key of its own': signed(
      { ...header, jwk: { kty: 'oct', k: encodeText('mine') } },
      claims,
      'mine',
    ),
    'of an unknown key': withHeader({ kid: randomUUID() }),
    'of a key that is a path': signed({ ...header, kid: '../../../dev/null' }, claims, ''),
    'of a key that is SQL': withHeader({ kid: "x' or '1'='1" }),
    'of a key that is no text': withHeader({ kid: ['a'] }),
    'with an extension that must be understood': withHeader({ crit: ['b64'], b64: false }),
    'with an unknown extension that must be understood': withHeader({ crit: ['exp'], exp: 1 }),
    'of an ID token': signed({ alg: 'HS256', typ: 'JWT' }, { ...claims, nonce: 'n', azp: 'client' }),
    'of the type of logout tokens': withHeader({ typ: 'logout+jwt' }),
    'of another type': withHeader({ typ: 'secevent+jwt' }),
    'of a type that is no text': withHeader({ typ: 1 }),
    'of a session, of the type of those without': signed({ alg: 'HS256' }, claims),
    expired: withClaims({ iat: now - 4_000, exp: now - 120 }),
    'without expiry': signed(header, without(claims, 'exp')),
    'whose expiry is a text': withClaims({ exp: String(now + 600) }),
    'not valid yet': withClaims({ nbf: now + 600 }),
    'of another issuer': withClaims({ iss: 'https://id.example.com' }),
    'without issuer': signed(header, without(claims, 'iss')),
    'for another audience': withClaims({ aud: 'another-api' }),
    'without audience': signed(header, without(claims, 'aud')),
    'without a name of its own': signed(header, without(claims, 'jti')),
    'without subject': signed(header, without(claims, 'sub')),
    'of an unknown user': withClaims({ sub: randomUUID() }),
    'of a user that is no id': withClaims({ sub: "' or true --" }),
    'of an organization that is not the user’s': withClaims({ org_id: randomUUID() }),
    'without organization': signed(header, without(claims, 'org_id')),
    'of an unknown session': withClaims({ sid: randomUUID() }),
    'without session': signed(header, without(claims, 'sid')),
    'of a refresh token': 'brf_9XJ0vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq',
    'of an API key that nobody has': 'brw_9XJ0vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq',
  };
}
