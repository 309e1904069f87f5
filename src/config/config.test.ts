import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Config, ConfigurationError, loadConfig, resolveConfig } from './config.ts';
import type { ConfigSource } from './env.ts';
import { files } from './files.fixture.ts';
import { allSettings } from './settings.ts';

const dsn = 'postgresql://app:pw@db:5432/brownie';
const secret = randomBytes(32).toString('base64');

function faultsOf(env: ConfigSource['env'], more: Omit<ConfigSource, 'env'> = {}): readonly string[] {
  try {
    loadConfig({ env, ...more });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.faults;
    }
    throw error;
  }
}

describe('loadConfig', () => {
  it('has these defaults in embedded mode', () => {
    expect(loadConfig({ env: {}, jwtSecretIn: (folder) => `kept in ${folder}` })).toEqual({
      environment: 'development',
      debug: false,
      compatibility: undefined,
      http: {
        host: '127.0.0.1',
        port: 8080,
        corsOrigins: [],
        trustedProxies: [],
        securityContacts: [],
        tls: undefined,
      },
      log: { level: 'INFO' },
      database: { mode: 'embedded', dataDir: '.brownie' },
      pool: {
        sizeMin: 20,
        sizeMax: 50,
        prePing: true,
        recycleSeconds: 3600,
        echo: false,
        acquireTimeoutMs: 2000,
        statementTimeoutMs: 5000,
        lockTimeoutMs: 2000,
        idleInTransactionTimeoutMs: 10_000,
        queryTimeoutMs: 7000,
      },
      jwt: { secret: 'kept in .brownie', previousSecret: undefined, algorithm: 'HS256', expiresMinutes: 60 },
      sessions: { idleMinutes: 10_080, maxMinutes: 43_200 },
      passwords: {
        minLength: 15,
        blocklist: true,
        cost: { memoryKib: 19_456, iterations: 2, parallelism: 1 },
      },
      signup: { limitPerHour: 10, attemptsPerMinute: 60 },
      quotas: { organizationsPerUser: 20 },
      oidcProviders: [],
      mail: { smtp: undefined, linkUrl: undefined },
      redis: { url: undefined },
      cache: { isOn: false, prefix: '', ttlSeconds: 300 },
      operations: {
        port: undefined,
        allowedAddresses: ['127.0.0.1', '::1'],
        token: undefined,
        incidentDirectory: '.brownie/incidents',
        prometheusUrl: 'http://localhost:9090',
        telephones: [undefined, undefined, undefined, undefined],
      },
      retention: { auditDays: undefined, statsDays: undefined, timelineDays: undefined },
      lifecycle: { drainSeconds: 0, stopTimeoutSeconds: 30, startTimeoutSeconds: 120 },
      tracing: {
        disabled: false,
        endpoint: undefined,
        headers: {},
        serviceName: undefined,
        resourceAttributes: {},
        sampler: 'parentbased_always_on',
        share: 1,
      },
      backup: {
        dsn: undefined,
        restoreDsn: undefined,
        directory: 'backups',
        isDirectoryNamed: false,
        retentionDays: 30,
        recipient: undefined,
        identityPath: undefined,
        s3Url: undefined,
        s3Endpoint: undefined,
      },
      passkeys: undefined,
    } satisfies Config);
  });

  it('listens everywhere with a database of its own, and migrates with the same role unless told otherwise', () => {
    const config = loadConfig({ env: { METADATA_POSTGRES_DSN: dsn } });
    expect(config.http.host).toBe('0.0.0.0');
    expect(config.database).toEqual({
      mode: 'external',
      dsn,
      readDsns: [],
      migrationDsn: dsn,
      isPlaintextAllowed: false,
    });
    const owner = 'postgres://owner@db/brownie';
    expect(
      loadConfig({ env: { METADATA_POSTGRES_DSN: dsn, METADATA_POSTGRES_MIGRATION_DSN: owner } }).database,
    ).toEqual({ mode: 'external', dsn, readDsns: [], migrationDsn: owner, isPlaintextAllowed: false });
  });

  it.each(allSettings.map(({ name, example }) => [name, example] as const))(
    'lets %s=%s reach the configuration, with its source',
    (name, example) => {
      const base: Record<string, string> = { METADATA_JWT_SECRET: secret, METADATA_POSTGRES_DSN: dsn };
      if (name === 'METADATA_DATA_DIR') {
        delete base['METADATA_POSTGRES_DSN'];
      }
      if (name.startsWith('METADATA_TLS_')) {
        Object.assign(base, { METADATA_TLS_CERT_FILE: '/other.crt', METADATA_TLS_KEY_FILE: '/other.key' });
      }
      if (name.startsWith('METADATA_OIDC_')) {
        Object.assign(base, {
          METADATA_OIDC_ISSUER: 'https://other.example.com',
          METADATA_OIDC_CLIENT_ID: 'other',
          METADATA_OIDC_CLIENT_SECRET: 'other',
          METADATA_OIDC_REDIRECT_URI: 'https://other.example.com/callback',
        });
      }
      if (name === 'METADATA_PASSKEY_RP_ID') {
        base['METADATA_PASSKEY_ORIGIN'] = '["https://app.example.com"]';
      }
      if (/^METADATA_(SMTP|MAIL)_/.test(name)) {
        Object.assign(base, {
          METADATA_SMTP_HOST: 'other.example.com',
          METADATA_SMTP_FROM: 'other@example.com',
          METADATA_SMTP_USER: 'other',
          METADATA_SMTP_PASSWORD: 'other',
        });
      }
      if (example === 'production') {
        base['METADATA_POSTGRES_DSN'] = `${dsn}?sslmode=verify-full`;
      }
      const env = { ...base, [name]: example };
      const { config, settings } = resolveConfig({ env });
      expect(config).not.toEqual(loadConfig({ env: base }));
      expect(settings.find((row) => row.name === name)?.source).toBe('environment');
    },
  );

  it('is frozen through and through', () => {
    const resolved = resolveConfig({ env: { METADATA_CORS_ORIGINS: '["https://a.example"]' } });
    const seen: unknown[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) {
        return;
      }
      seen.push(value);
      expect(Object.isFrozen(value)).toBe(true);
      for (const child of Object.values(value)) {
        walk(child);
      }
    };
    walk(resolved);
    expect(seen).toContain(resolved.config.http.corsOrigins);
  });

  it('reports every fault at once, in words that say what to do', () => {
    const faults = faultsOf({
      METADATA_ENVIRONMENT: 'staging',
      METADATA_POSTGRES_POOL_SIZE: 'ten',
      METADATA_PORT: '70000',
      METADATA_DEBUG: 'maybe',
      METADATA_LOG_LEVEL: 'loud',
      METADATA_CORS_ORIGINS: '["*"]',
      METADATA_PASSWORD_MIN_LENGTH: '7',
      METADATA_JWT_ALGORITHM: 'none',
      METADATA_COMPATIBILITY: 'v2',
      METADATA_POSTGRES_DSN: 'mysql://db',
    });
    expect(faults).toHaveLength(10);
    expect(faults).toContain(
      'METADATA_POSTGRES_POOL_SIZE: "ten" is not a whole number; give one from 1 to 1000',
    );
    expect(faults).toContain(
      'METADATA_PASSWORD_MIN_LENGTH: "7" is too small; give a whole number from 8 to 128',
    );
  });

  it('says where a faulty value stood, unless it is the process environment', () => {
    expect(faultsOf({}, { readFile: files({ '.env': 'METADATA_PORT=x\n' }) })).toEqual([
      'METADATA_PORT: "x" is not a whole number; give one from 0 to 65535 (it comes from .env)',
    ]);
    expect(
      faultsOf({ METADATA_POSTGRES_DSN_FILE: '/run/dsn' }, { readFile: files({ '/run/dsn': 'db' }) })[0],
    ).toContain('METADATA_POSTGRES_DSN: does not begin with postgres:// or postgresql://');
  });

  it('reports a setting that depends on a faulty one no further', () => {
    expect(
      faultsOf({ METADATA_POSTGRES_QUERY_TIMEOUT_MS: 'x', METADATA_POSTGRES_STATEMENT_TIMEOUT_MS: '9000' }),
    ).toHaveLength(1);
  });

  it('wants the client to outwait the server', () => {
    expect(faultsOf({ METADATA_POSTGRES_STATEMENT_TIMEOUT_MS: '7000' })).toEqual([
      'METADATA_POSTGRES_QUERY_TIMEOUT_MS: 7000 is not above METADATA_POSTGRES_STATEMENT_TIMEOUT_MS (7000), so ' +
        'connections would be given up before the server cancels; give more than 7000',
    ]);
  });

  it('wants a database where there is one to migrate', () => {
    expect(faultsOf({ METADATA_POSTGRES_MIGRATION_DSN: dsn })).toEqual([
      'METADATA_POSTGRES_MIGRATION_DSN: is set without METADATA_POSTGRES_DSN; set both, or neither for embedded mode',
    ]);
  });

  it.each(['debug', 'Info', 'WARNING', 'eRRor', 'critical'])('reads the log level %s', (level) => {
    expect(loadConfig({ env: { METADATA_LOG_LEVEL: level } }).log.level).toBe(level.toUpperCase());
  });

  it('lowers the log level with METADATA_DEBUG, unless one is set', () => {
    expect(loadConfig({ env: { METADATA_DEBUG: 'true' } })).toMatchObject({
      debug: true,
      log: { level: 'DEBUG' },
    });
    expect(loadConfig({ env: { METADATA_DEBUG: 'true', METADATA_LOG_LEVEL: 'ERROR' } }).log.level).toBe(
      'ERROR',
    );
  });

  it('prefers the endpoint and headers for traces to the common ones, as OpenTelemetry has it', () => {
    const common = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/otlp/',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1',
    };
    expect(loadConfig({ env: common }).tracing).toMatchObject({
      endpoint: 'http://collector:4318/otlp/v1/traces',
      headers: { a: '1', b: '1' },
    });
    const forTraces = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:4318/in',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=2',
    };
    expect(loadConfig({ env: { ...common, ...forTraces } }).tracing).toMatchObject({
      endpoint: 'http://traces:4318/in',
      headers: { a: '1', b: '2' },
    });
  });

  it('takes 0 sign-ups per hour for no limit', () => {
    expect(loadConfig({ env: { METADATA_SIGNUP_LIMIT_PER_HOUR: '0' } }).signup.limitPerHour).toBeUndefined();
  });
});

describe('the generated secret', () => {
  it('is not asked for where there is a secret, or a fault', () => {
    const jwtSecretIn = (): never => {
      throw new Error('asked');
    };
    expect(loadConfig({ env: { METADATA_JWT_SECRET: secret }, jwtSecretIn }).jwt.secret).toBe(secret);
    expect(faultsOf({ METADATA_PORT: 'x' }, { jwtSecretIn })).toHaveLength(1);
  });

  it('also serves outside production with a database of its own', () => {
    const env = { METADATA_POSTGRES_DSN: dsn, METADATA_DATA_DIR: '/data' };
    expect(loadConfig({ env, jwtSecretIn: (folder) => folder }).jwt.secret).toBe('/data');
  });

  it('that is yet to be made is none', () => {
    expect(loadConfig({ env: {}, jwtSecretIn: () => undefined }).jwt.secret).toBeUndefined();
  });

  it('that cannot be kept is a fault', () => {
    const jwtSecretIn = (): never => {
      throw Object.assign(new Error('read-only'), { code: 'EROFS' });
    };
    expect(faultsOf({}, { jwtSecretIn })).toEqual([
      'METADATA_DATA_DIR: ".brownie" is no folder that this user can use (EROFS); make it readable and writable for this user, or choose another',
    ]);
  });
});

describe('ConfigurationError', () => {
  it('lists faults and warnings', () => {
    expect(new ConfigurationError(['A: x', 'B: y'], ['C: z']).message).toBe(
      'The configuration has 2 faults:\n  - A: x\n  - B: y\n  - warning: C: z\n' +
        'Every setting is described in docs/configuration.md.',
    );
    expect(new ConfigurationError(['A: x'], []).message).toContain('has a fault:\n  - A: x\n');
  });
});
