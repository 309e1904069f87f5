import { describe, expect, test } from 'vitest';
import { ConfigurationError, loadConfig, resolveConfig } from './config.ts';
import { postgresDsn, postgresDsnList, tlsModeFault } from './postgres-dsn.ts';

const secret = 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM';
const at = 'postgresql://app:canary@db/brownie';
const configOf = (dsn: string) =>
  resolveConfig({ env: { METADATA_POSTGRES_DSN: dsn, METADATA_JWT_SECRET: secret } });

describe('sslmode', () => {
  test.each(['allow', 'prefer', 'require', 'verify-ca'])('%s is read as verify-full, and says so', (mode) => {
    const { config, warnings } = configOf(`${at}?sslcert=/c&sslmode=${mode}&sslkey=/k`);
    expect(config.database).toMatchObject({ dsn: `${at}?sslcert=/c&sslmode=verify-full&sslkey=/k` });
    expect(warnings).toEqual([
      expect.stringMatching(`^METADATA_POSTGRES_DSN: sslmode=${mode} is read as verify-full`),
    ]);
  });

  test.each(['', '?sslmode=disable', '?sslmode=verify-full&sslrootcert=/ca.crt', '?application_name=x'])(
    'stays as it is, without a word, in a DSN that ends with "%s"',
    (query) => {
      const { config, warnings } = configOf(`${at}${query}`);
      expect([config.database, warnings]).toMatchObject([{ dsn: `${at}${query}` }, []]);
    },
  );

  test.each([
    'sslmode=verify_full',
    'uselibpqcompat=true&sslmode=require',
    'sslrootcert=system',
    'ssl=no-verify',
    'ssl=false',
    'sslmode=verify-full&sslmode=no-verify',
    'sslmode=verify-full&sslmode=disable',
    'sslmode=verify-full&ssl%6dode=no-verify',
  ])('%s is refused, and the DSN is not quoted', (query) => {
    expect(() => configOf(`${at}?${query}`)).toThrow(ConfigurationError);
    expect(tlsModeFault(`${at}?${query}`)).toMatch(/^(has|says) /);
    expect(tlsModeFault(`${at}?${query}`)).not.toContain('canary');
  });

  test('no-verify is refused in production alone', () => {
    const env = { METADATA_POSTGRES_DSN: `${at}?sslmode=no-verify`, METADATA_JWT_SECRET: secret };
    expect(loadConfig({ env }).database).toMatchObject({ dsn: env.METADATA_POSTGRES_DSN });
    expect(() => loadConfig({ env: { ...env, NODE_ENV: 'production' } })).toThrow(
      'METADATA_POSTGRES_DSN: sslmode=no-verify is refused in production',
    );
  });
});

describe('several servers', () => {
  const several = 'postgresql://app:canary@one:5432,two,[::1]:5433/brownie';

  test.each(['read-write', 'primary'])('are taken, with target_session_attrs=%s', (demand) => {
    const dsn = `${several}?target_session_attrs=${demand}`;
    const { config, warnings } = configOf(dsn);
    expect([config.database, warnings]).toMatchObject([{ dsn }, []]);
  });

  test.each(['', '?target_session_attrs=any'])(
    'are taken with "%s", and it is said that a standby will do',
    (query) => {
      const { config, warnings } = configOf(`${several}${query}`);
      expect(config.database).toMatchObject({ dsn: `${several}${query}` });
      expect(warnings).toEqual([expect.stringMatching(/^METADATA_POSTGRES_DSN: names several servers/)]);
    },
  );

  test.each(['read-only', 'standby', 'prefer-standby', 'canary'])(
    'of which %s is asked for are refused, by the name of the parameter',
    (demand) => {
      const parsed = postgresDsn().parse(`${at}?target_session_attrs=${demand}`);
      expect(parsed).toMatchObject({
        ok: false,
        fault: expect.stringMatching(/^has a target_session_attrs other than/),
      });
      expect(JSON.stringify(parsed)).not.toContain('canary');
    },
  );

  test.each([
    ['postgresql:///brownie?host=one,two', 'names several servers in the parameter host'],
    [`${several}?load_balance_hosts=random`, 'has load_balance_hosts'],
    ['postgresql://app@one,,two/brownie', 'is not a valid connection string'],
    ['postgresql://app@one:5432,two:port/brownie', 'is not a valid connection string'],
  ])('%s is refused, with what to write', (dsn, fault) => {
    expect(postgresDsn().parse(dsn)).toMatchObject({ ok: false, fault: expect.stringContaining(fault) });
  });

  test('are shown, all of them', () => {
    expect(postgresDsn().format(several)).toMatch(/@one:5432,two,\[::1\]:5433\/brownie \(sha256/);
  });
});

test('HTTPS needs a certificate and a key', () => {
  const one = { METADATA_TLS_KEY_FILE: '/k' };
  expect(() => loadConfig({ env: { METADATA_JWT_SECRET: secret, ...one } })).toThrow(
    'METADATA_TLS_KEY_FILE: is set without METADATA_TLS_CERT_FILE',
  );
  const both = { ...one, METADATA_TLS_CERT_FILE: '/c' };
  const { http } = loadConfig({ env: { METADATA_JWT_SECRET: secret, ...both } });
  expect(http.tls).toEqual({ cert: '/c', key: '/k' });
});

describe('postgresDsn', () => {
  test.each([
    'postgres://db',
    'postgresql://user:pw@db.example.com:5432/brownie',
    'postgresql://u@db/d?sslmode=verify-full&sslcert=/c/client.crt&sslkey=/c/client.key&sslrootcert=/c/ca.crt',
    'postgresql://user:p%40ss@[::1]:5432/brownie',
    'postgresql:///brownie?host=/var/run/postgresql',
    'postgresql://user:pw@/brownie?host=/var/run/postgresql',
    'postgresql://%2Fvar%2Frun%2Fpostgresql/brownie',
    'POSTGRES://db',
  ])('passes %s through untouched', (dsn) => {
    expect(postgresDsn().parse(dsn)).toEqual({ ok: true, value: dsn });
  });

  test.each([
    'mysql://canary@db',
    'postgresql+psycopg2://canary@db/d',
    'canary',
    'host=db password=canary',
    'postgres://',
  ])('refuses %s without quoting it', (dsn) => {
    const parsed = postgresDsn().parse(dsn);
    expect(parsed).toMatchObject({
      ok: false,
      fault: expect.stringContaining('does not begin with postgres://'),
    });
    expect(JSON.stringify(parsed)).not.toContain('canary');
  });

  test.each([
    'postgres://u:canary@h:port/d',
    'postgres://u:ca/nary@h/d',
    'postgres://canary@h:99999/d',
    'postgres://u:canary#@h/d',
  ])('refuses the broken %s without quoting it', (dsn) => {
    const parsed = postgresDsn().parse(dsn);
    expect(parsed).toMatchObject({ ok: false, fault: expect.stringContaining('percent-encode') });
    expect(JSON.stringify(parsed)).not.toMatch(/canary|nary/);
  });

  test('shows host, port and database, neither user nor password nor parameters', () => {
    const shown = postgresDsn().format(
      'postgresql://canary:canary@db.example.com:5432/brownie?password=canary',
    );
    expect(shown).toMatch(/^postgresql:\/\/\*{8}@db\.example\.com:5432\/brownie \(sha256 [0-9a-f]{8}\)$/);
  });

  test.each([
    'postgres://u:12/canary@h/d',
    'postgres://u:12?canary@h/d',
    'postgres://u:12#canary@h/d',
    'postgres://u:pw@canary@h/d',
    'postgres://canary:1234',
    'postgres://u@h/d?password=can@ary',
  ])('shows nothing of %s, where a password may pass for a host', (dsn) => {
    expect(postgresDsn().format(dsn)).toMatch(/^\*{8} \(sha256 [0-9a-f]{8}\)$/);
  });
});

describe('METADATA_POSTGRES_READ_DSN', () => {
  const readDsnsOf = (given: string, others = {}) =>
    resolveConfig({
      env: {
        METADATA_POSTGRES_DSN: at,
        METADATA_POSTGRES_READ_DSN: given,
        METADATA_JWT_SECRET: secret,
        ...others,
      },
    });

  test('names several servers, in one connection string or in several', () => {
    const [one, several] = [
      'postgres://app:canary@r1/b',
      'postgres://app:canary@r2:5433,r3/b?sslmode=require',
    ];
    const { config, warnings } = readDsnsOf(` ${one}\n${several} `);
    expect(config.database).toMatchObject({ readDsns: [one, several.replace('require', 'verify-full')] });
    expect(warnings).toEqual([expect.stringMatching(/^METADATA_POSTGRES_READ_DSN: sslmode=require/)]);
    expect(postgresDsnList().format([one, several])).not.toContain('canary');
  });

  test('is empty where nothing is said', () => {
    expect(configOf(at).config.database).toMatchObject({ readDsns: [] });
  });

  test.each([
    'mysql://db/brownie',
    `${at} ${at}?sslmode=verify_full`,
    `${at}?target_session_attrs=prefer-standby`,
  ])('%s is refused', (given) => {
    expect(() => readDsnsOf(given)).toThrow(/METADATA_POSTGRES_READ_DSN: (does not begin|has )/);
  });

  test('is held to the rules of production, and needs a primary', () => {
    const production = {
      METADATA_ENVIRONMENT: 'production',
      METADATA_POSTGRES_DSN: `${at}?sslmode=verify-full`,
    };
    expect(() => readDsnsOf(at, production)).toThrow(
      'METADATA_POSTGRES_READ_DSN: leads to another machine without TLS',
    );
    expect(() => readDsnsOf(at, { METADATA_POSTGRES_DSN: '' })).toThrow(
      'METADATA_POSTGRES_READ_DSN: is set without METADATA_POSTGRES_DSN',
    );
  });
});
