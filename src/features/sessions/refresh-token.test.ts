import { expect, test } from 'vitest';
import {
  newNonce,
  newRefreshToken,
  readRefreshToken,
  refreshTokenText,
  successorOf,
} from './refresh-token.ts';

test('a token is read as it was written, in no other spelling', () => {
  const token = newRefreshToken();
  const text = refreshTokenText(token);
  expect(text).toMatch(/^brf_[\w-]{86}$/);
  expect(readRefreshToken(text)).toEqual(token);
  for (const other of [
    '',
    'brf_',
    text.slice(4),
    `${text}=`,
    `${text}==`,
    text.slice(0, -1),
    `${text.slice(0, -1)}_`,
    ` ${text}`,
    `brw_${text.slice(4)}`,
  ]) {
    expect([other, readRefreshToken(other)]).toEqual([other, undefined]);
  }
});

test('what follows is of the same session, the same by the same nonce, and another one by any other', () => {
  const token = newRefreshToken();
  const nonce = newNonce();
  const next = successorOf(token, nonce);
  expect(next.family).toEqual(token.family);
  expect(next.secret).toHaveLength(32);
  expect(successorOf(token, nonce)).toEqual(next);
  expect(successorOf(token, newNonce()).secret).not.toEqual(next.secret);
  expect(successorOf(newRefreshToken(), nonce).secret).not.toEqual(next.secret);
});
