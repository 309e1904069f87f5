import { expect, test } from 'vitest';
import { createRedactor } from './redactor.ts';

const redact = createRedactor(['p"ss w/rd', 'p"ss w/rd-and-more', 'ab', 'Zk3vT8qLw1xR6yN0']);

test.each([
  ['by itself', 'said p"ss w/rd there', 'said ******** there'],
  ['of two, the longer first', 'p"ss w/rd-and-more', '********'],
  ['within JSON', JSON.stringify({ a: 'p"ss w/rd' }), '{"a":"********"}'],
  ['within an address', `x=${encodeURIComponent('p"ss w/rd')}`, 'x=********'],
  ['in base64', Buffer.from('Zk3vT8qLw1xR6yN0').toString('base64'), '********'],
  ['too short to be one', 'about', 'about'],
])('a secret that is known, %s', (_, text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  ['postgresql://u:4711-pw@db:5432/x', 'postgresql://********@db:5432/x'],
  ['Authorization: Bearer abc.def-123456', 'Authorization: ********'],
  ['"authorization":"Basic dXNlcjpwYXNz"', '"authorization":"********'],
  ['eyJhbGciOi.eyJzdWIiOi.c2ln', '********'],
  ['a\n-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\nb', 'a\n********\nb'],
  ['$argon2id$v=19$m=19456$c2FsdA$aGFzaA', '********'],
  ['password=hunter22 next', 'password=******** next'],
  ['{"client_secret":"hunter22","n":1}', '{"client_secret":"********","n":1}'],
  ['mail of ada@example.com', 'mail of <e-mail>'],
])('what is a secret by its form: %s', (text, expected) => {
  expect(redact(text)).toContain(expected);
});

test.each([
  '"name": "METADATA_JWT_SECRET",',
  'tokens_issued_total{kind="access"} 5',
  '"error_code":"auth.token_expired"',
  'sslmode=verify-full',
])('what is none stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});
