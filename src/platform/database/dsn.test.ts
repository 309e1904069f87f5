import { describe, expect, test } from 'vitest';
import {
  atAddress,
  connectionEnvironment,
  demandOf,
  dsnAddress,
  dsnsOfServers,
  readDsn,
  withDatabase,
  withOptions,
} from './dsn.ts';

test.each([
  ['postgres://ann@/brownie?host=/run', { host: '/run', user: 'ann', database: 'brownie' }],
  ['postgres://ann@%2Frun:5433/brownie', { host: '/run', port: '5433', user: 'ann', database: 'brownie' }],
  [
    'postgres://a@x/b?host=h&port=1&user=c&password=p',
    { host: 'h', port: '1', user: 'c', password: 'p', database: 'b' },
  ],
  ['postgres://[::1]', { host: '::1' }],
  ['postgres:///brownie', { database: 'brownie' }],
  ['postgres://ann@db/b?sslmode=require&sslcert=/no/file', { host: 'db', user: 'ann', database: 'b' }],
])('%s is read as the driver reads it, and no file is', (dsn, parts) => {
  expect(readDsn(dsn)).toEqual(parts);
});

test('the address is written so that it can be read again', () => {
  expect(dsnAddress('postgres://ann@[::1]/b', 5432)).toBe('[::1]:5432');
  expect(dsnAddress('postgres://ann@db:6432/b', 5432)).toBe('db:6432');
  expect(dsnAddress('postgres://ann@db/b')).toBe('db');
  expect(dsnAddress('postgres:///b', 5432)).toBe('localhost:5432');
});

test('everything that a DSN says is said to libpq, decoded', () => {
  expect(
    connectionEnvironment(
      'postgresql://ann%40ops:p%2Fw%23@db.example.com:6432/brownie%20two?sslmode=verify-full&sslrootcert=/c/ca.crt&pool=9',
    ),
  ).toEqual({
    PGHOST: 'db.example.com',
    PGPORT: '6432',
    PGUSER: 'ann@ops',
    PGPASSWORD: 'p/w#',
    PGDATABASE: 'brownie two',
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/c/ca.crt',
  });
});

test('a socket is a host, and what a DSN leaves out is left to libpq', () => {
  expect(connectionEnvironment('postgres://ann@/brownie?host=/run/postgresql&port=5433')).toEqual({
    PGHOST: '/run/postgresql',
    PGPORT: '5433',
    PGUSER: 'ann',
    PGDATABASE: 'brownie',
  });
  expect(connectionEnvironment('postgres://ann@[::1]')).toEqual({ PGHOST: '::1', PGUSER: 'ann' });
});

test.each([
  ['postgresql://a:b@h:1/brownie?sslmode=require', 'postgresql://a:b@h:1/other?sslmode=require'],
  ['postgres://a@/brownie?host=/run', 'postgres://a@/other?host=/run'],
])('%s for another database', (dsn, expected) => {
  expect(withDatabase(dsn, 'other')).toBe(expected);
});

test.each([
  'postgresql://a:b@h:1/brownie?sslmode=require',
  'postgres://a:b@/brownie?host=/run&port=1&sslmode=require',
])('%s at another address', (dsn) => {
  expect(atAddress(dsn, '127.0.0.1', 6000)).toMatch(
    /^postgres(ql)?:\/\/a:b@127.0.0.1:6000\/brownie\?sslmode=require$/,
  );
});

test('options of a session come after those of the DSN', () => {
  const environment = connectionEnvironment('postgres://ann@db/brownie?options=-c%20jit%3Doff');
  expect(withOptions(environment, ['-c lc_messages=C'])['PGOPTIONS']).toBe('-c jit=off -c lc_messages=C');
  expect(withOptions({ PGHOST: 'db' }, ['-c lc_messages=C'])['PGOPTIONS']).toBe('-c lc_messages=C');
});

describe('a DSN of several servers', () => {
  const dsn =
    'postgresql://ada:p%40ss@one:5432,[::1],two:5433/brownie?target_session_attrs=read-write&sslmode=verify-full';

  test('is one of each, without what it asks of them', () => {
    expect(dsnsOfServers(dsn)).toEqual([
      'postgresql://ada:p%40ss@one:5432/brownie?sslmode=verify-full',
      'postgresql://ada:p%40ss@[::1]/brownie?sslmode=verify-full',
      'postgresql://ada:p%40ss@two:5433/brownie?sslmode=verify-full',
    ]);
    expect(demandOf(dsn)).toBe('read-write');
    expect(dsnsOfServers('postgresql://ada@one/brownie')).toEqual(['postgresql://ada@one/brownie']);
  });

  test('keeps them for another database, and loses them for another server', () => {
    expect(withDatabase(dsn, 'other')).toBe(dsn.replace('/brownie', '/other'));
    expect(atAddress(dsn, 'three', 5434)).toBe(
      'postgresql://ada:p%40ss@three:5434/brownie?sslmode=verify-full',
    );
  });

  test('is shown with all of them, read as the first, and known to libpq', () => {
    expect(dsnAddress(dsn, 5432)).toBe('one:5432,[::1]:5432,two:5433');
    expect(readDsn(dsn)).toEqual({
      host: 'one',
      port: '5432',
      user: 'ada',
      password: 'p@ss',
      database: 'brownie',
    });
    expect(connectionEnvironment(dsn)).toMatchObject({
      PGHOST: 'one,::1,two',
      PGPORT: '5432,,5433',
      PGTARGETSESSIONATTRS: 'read-write',
    });
  });
});
