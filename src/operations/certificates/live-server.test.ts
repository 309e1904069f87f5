import { expect, test } from 'vitest';
import { asksForTls, serverHost } from './live-server.ts';

test.each([
  ['postgresql://me@db.example.com:5432/brownie', 'db.example.com'],
  ['postgresql://me@[::1]:5432/brownie', '::1'],
  ['postgresql://me@localhost/brownie?host=127.0.0.1', '127.0.0.1'],
  ['postgresql://me@localhost/brownie?host=/run/postgresql', undefined],
  ['postgresql://me@%2Frun%2Fpostgresql/brownie', undefined],
  ['postgresql://me@/brownie?host=/run/postgresql', undefined],
])('the server of %s is %s', (dsn, host) => {
  expect(serverHost(dsn)).toBe(host);
});

test.each([
  ['', false],
  ['?application_name=x', false],
  ['?sslmode=disable&sslrootcert=/ca.crt', false],
  ['?sslrootcert=/ca.crt', true],
  ['?sslmode=no-verify', true],
  ['?sslmode=verify-full', true],
])('a DSN with "%s" asks for TLS: %s', (query, isAsked) => {
  expect(asksForTls(`postgresql://me@db.example.com:5432/brownie${query}`)).toBe(isAsked);
});
