import { expect, test } from 'vitest';
import { dsnTls } from './dsn-tls.ts';

const at = 'postgresql://app:p%3Fw@db:5432/brownie';

test('a DSN without files stays as it is', () => {
  for (const dsn of [at, `${at}?sslmode=verify-full`, `${at}?sslmode=disable&sslcert=/c&sslkey=/k`]) {
    expect(dsnTls(dsn)).toMatchObject({ dsn, paths: {} });
  }
});

test('files are taken out of it, and the rest of it stays', () => {
  const dsn = `${at}?application_name=a%20b&sslmode=verify-full&sslcert=/c%20c&sslkey=/k&sslrootcert=/r&options=-c%20x`;
  expect(dsnTls(dsn)).toEqual({
    dsn: `${at}?application_name=a%20b&options=-c%20x`,
    paths: { cert: '/c c', key: '/k', ca: '/r' },
    isVerified: true,
    negotiation: undefined,
  });
});

test('files without sslmode ask for verified TLS', () => {
  expect(dsnTls(`${at}?sslrootcert=/r`)).toMatchObject({ dsn: at, paths: { ca: '/r' }, isVerified: true });
});

test('no-verify says so, and TLS from the first byte is kept', () => {
  const { isVerified, negotiation } = dsnTls(`${at}?sslrootcert=/r&sslmode=no-verify&sslnegotiation=direct`);
  expect([isVerified, negotiation]).toEqual([false, 'direct']);
});
