import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, resolveConfig } from './config.ts';
import type { ConfigSource } from './env.ts';
import { files } from './files.fixture.ts';
import type { EffectiveSetting } from './read-settings.ts';
import { allSettings } from './settings.ts';

function rowOf(
  source: ConfigSource<string | undefined>,
  name: string,
): Pick<EffectiveSetting, 'value' | 'source'> | undefined {
  const row = resolveConfig(source).settings.find((setting) => setting.name === name);
  return row && { value: row.value, source: row.source };
}

describe('the effective configuration', () => {
  it('has a row for every setting, in the order of the table', () => {
    const names = resolveConfig({ env: {} }).settings.map(({ name }) => name);
    expect(names).toEqual(allSettings.map(({ name }) => name));
  });

  it('is plain text, though what documents say of a missing value is Markdown', () => {
    expect(allSettings.some(({ absent }) => absent.includes('`'))).toBe(true);
    const { settings } = resolveConfig({ env: {} });
    expect(settings.filter(({ value }) => /`|\]\(/.test(value))).toEqual([]);
  });

  it('says where each value came from', () => {
    const source = {
      env: {
        METADATA_PORT: '9000',
        METADATA_COMPATIBILITY: 'v1',
        METADATA_POSTGRES_DSN_FILE: '/run/dsn',
        METADATA_SIGNUP_LIMIT_PER_HOUR: '7',
      },
      readFile: files({
        '.env': 'METADATA_LOG_LEVEL=error\n',
        '/run/dsn': 'postgres://u:pw@db:5432/brownie\n',
      }),
      jwtSecretIn: () => 'abc',
    };
    expect(rowOf(source, 'METADATA_PORT')).toEqual({ value: '9000', source: 'environment' });
    expect(rowOf(source, 'METADATA_LOG_LEVEL')).toEqual({ value: 'ERROR', source: '.env' });
    expect(rowOf(source, 'METADATA_HOST')).toEqual({ value: '0.0.0.0', source: 'default' });
    expect(rowOf(source, 'METADATA_PASSWORD_MIN_LENGTH')).toEqual({ value: '8', source: 'profile v1' });
    expect(rowOf(source, 'METADATA_SIGNUP_LIMIT_PER_HOUR')).toEqual({ value: '7', source: 'environment' });
    expect(rowOf(source, 'METADATA_JWT_SECRET')).toEqual({
      value: '******** (sha256 ba7816bf)',
      source: 'generated',
    });
    expect(rowOf(source, 'METADATA_POSTGRES_DSN')).toMatchObject({
      value: expect.stringMatching(/^postgres:\/\/\*{8}@db:5432\/brownie \(sha256 [0-9a-f]{8}\)$/),
      source: 'file /run/dsn',
    });
    expect(rowOf(source, 'METADATA_POSTGRES_MIGRATION_DSN')).toEqual({
      value: 'the value of METADATA_POSTGRES_DSN',
      source: 'default',
    });
  });

  it('says of a secret that the service has yet to make when that will be', () => {
    expect(rowOf({ env: {}, jwtSecretIn: () => undefined }, 'METADATA_JWT_SECRET')).toEqual({
      value: 'made at the first start',
      source: 'default',
    });
  });

  it('shows the environment that NODE_ENV makes', () => {
    const env = {
      NODE_ENV: 'production',
      METADATA_POSTGRES_DSN: 'postgres://db?sslmode=verify-full',
      METADATA_JWT_SECRET: randomBytes(32).toString('base64'),
    };
    expect(rowOf({ env }, 'METADATA_ENVIRONMENT')).toEqual({ value: 'production', source: 'default' });
  });
});

describe('secrets', () => {
  const canary = 'cAnArY';
  const breakers = {
    none: {},
    production: { NODE_ENV: 'production', METADATA_DEBUG: 'true', METADATA_PORT: 'x' },
    'a second source': { METADATA_JWT_SECRET_FILE: canary, METADATA_POSTGRES_DSN_FILE: canary },
    'a short key': { METADATA_JWT_ALGORITHM: 'HS512', METADATA_POSTGRES_QUERY_TIMEOUT_MS: '1' },
  };
  const values = [
    canary,
    `${canary.repeat(9)}`,
    `postgres://u:${canary}@db/d`,
    `postgres://u:${canary}@db:x/d`,
    `  ${canary}`,
  ];

  it.each(Object.entries(breakers))('appear in no fault, warning or row, with %s', (_, extra) => {
    for (const value of values) {
      for (const { name } of allSettings.filter((setting) => setting.secret)) {
        for (const variable of [name, `${name}_FILE`, `${name}S`]) {
          expect(everythingSaid({ ...extra, [variable]: value }), `${variable}=${value}`).not.toContain(
            canary,
          );
        }
      }
    }
  });

  it('appear in no fault where a file holds them', () => {
    for (const { name } of allSettings.filter((setting) => setting.secret)) {
      for (const value of values) {
        const said = everythingSaid(
          { NODE_ENV: 'production', [`${name}_FILE`]: '/run/secret' },
          { '/run/secret': value },
        );
        expect(said, name).not.toContain(canary);
      }
      const dotenv = everythingSaid(
        { NODE_ENV: 'production' },
        { '.env': `${name}=${canary}#${canary}\n${name}: ${canary}\n` },
      );
      expect(dotenv, name).not.toContain(canary);
    }
  });

  function everythingSaid(env: Record<string, string>, contents: Record<string, string> = {}): string {
    try {
      const { settings, warnings } = resolveConfig({ env, readFile: files(contents) });
      return JSON.stringify({ settings, warnings });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) {
        throw error;
      }
      return JSON.stringify([error.message, error.stack, error.faults, error.warnings, error.cause]);
    }
  }
});

it('has values for programs, too: typed, null where nothing is set, masked like those for people', () => {
  const secret = randomBytes(32).toString('base64');
  const { settings } = resolveConfig({
    env: { METADATA_JWT_SECRET: secret, METADATA_CORS_ORIGINS: '["https://a.example"]' },
  });
  const of = (name: string) => settings.find((row) => row.name === name)?.json;
  expect(of('METADATA_PORT')).toBe(8080);
  expect(of('METADATA_DEBUG')).toBe(false);
  expect(of('METADATA_CORS_ORIGINS')).toEqual(['https://a.example']);
  expect(of('METADATA_POSTGRES_DSN')).toBeNull();
  expect(of('METADATA_JWT_SECRET')).toMatch(/^\*{8} \(sha256 [0-9a-f]{8}\)$/);
  expect(JSON.stringify(settings)).not.toContain(secret);
});
