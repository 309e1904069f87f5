import { expect, test } from 'vitest';
import { holdsLoginCookie, setLoginCookie, sha256 } from './login-cookie.ts';

const options = { stateHash: sha256('state'), isSecure: true };
const pairOf = (cookie: string): string => cookie.split(';')[0] ?? '';

test('over HTTPS the cookie belongs to this host alone and never travels in clear', () => {
  const cookie = setLoginCookie('v', 600, options);
  expect(cookie).toMatch(/^__Host-brownie-login-[0-9a-f]{16}=v; /);
  expect(cookie.split('; ').slice(1).sort()).toEqual(
    ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure'].sort(),
  );
});

test('over plain HTTP, on loopback, it is without what browsers refuse there', () => {
  expect(setLoginCookie('v', 600, { ...options, isSecure: false })).toMatch(
    /^brownie-login-[0-9a-f]{16}=v; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );
});

test('it is found among others, and no other passes for it', () => {
  const own = pairOf(setLoginCookie('right', 600, options));
  const holds = (header: string | undefined) => holdsLoginCookie(header, sha256('right'), options);
  expect(holds(own)).toBe(true);
  expect(holds(`a=b; ${own}; c=d`)).toBe(true);
  expect(holds(undefined)).toBe(false);
  expect(holds('')).toBe(false);
  expect(holds(own.replace('right', 'wrong'))).toBe(false);
  expect(holds(`${own}x`)).toBe(false);
  expect(holds(pairOf(setLoginCookie('right', 600, { ...options, stateHash: sha256('other') })))).toBe(false);
  expect(holds(own.replace('__Host-', ''))).toBe(false);
});
