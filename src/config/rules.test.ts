import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig, resolveConfig } from './config.ts';
import { files } from './files.fixture.ts';

const secret = randomBytes(32).toString('base64');
const good = {
  METADATA_ENVIRONMENT: 'production',
  METADATA_POSTGRES_DSN: 'postgresql://app@db/brownie?sslmode=verify-full',
  METADATA_JWT_SECRET: secret,
};

function errorOf(env: Record<string, string>, contents: Record<string, string> = {}): ConfigurationError {
  try {
    loadConfig({ env, readFile: files(contents) });
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error;
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const missing = [
  'METADATA_POSTGRES_DSN: required in production; give the connection string of the database, ' +
    'postgresql://user:password@host:5432/database, or its file in METADATA_POSTGRES_DSN_FILE',
  'METADATA_JWT_SECRET: required in production, at least 32 characters; make a good one with: openssl rand -base64 32',
];

describe('production', () => {
  it.each([
    { METADATA_ENVIRONMENT: 'production' },
    { METADATA_ENVIRONMENT: 'Production' },
    { NODE_ENV: 'production' },
  ])('by %o wants a database and a secret', (env) => {
    expect(errorOf(env).faults).toEqual(missing);
  });

  it('by .env counts too', () => {
    expect(errorOf({}, { '.env': 'NODE_ENV=production\n' }).faults).toEqual(missing);
  });

  it('accepts a good configuration, from files too, without a warning', () => {
    const { config, warnings } = resolveConfig({ env: good });
    expect(config).toMatchObject({ environment: 'production', http: { host: '0.0.0.0' }, jwt: { secret } });
    expect(warnings).toEqual([]);
    const mounted = loadConfig({
      env: { NODE_ENV: 'production', METADATA_POSTGRES_DSN_FILE: '/d', METADATA_JWT_SECRET_FILE: '/s' },
      readFile: files({ '/d': `${good.METADATA_POSTGRES_DSN}\n`, '/s': `${secret}\n` }),
    });
    expect(mounted).toMatchObject({ database: { dsn: good.METADATA_POSTGRES_DSN }, jwt: { secret } });
  });

  it.each([
    '@db/brownie',
    '@db/brownie?sslmode=disable',
    '@db/brownie?sslmode=disable&sslrootcert=/ca.pem',
    ':x@10.0.0.5:5432/brownie?sslmode=disable',
    '@/brownie?host=db.example.com',
    '@localhost,db/brownie?target_session_attrs=read-write',
    '@127.0.0.1/brownie?host=10.0.0.5',
  ])('refuses a database elsewhere without TLS, app%s, unless that is said aloud', (rest) => {
    const env = { ...good, METADATA_POSTGRES_DSN: `postgresql://app${rest}` };
    expect(errorOf(env).faults).toEqual([
      expect.stringMatching(/^METADATA_POSTGRES_DSN: leads to another machine without TLS/),
    ]);
    expect(errorOf({ ...good, METADATA_POSTGRES_MIGRATION_DSN: env.METADATA_POSTGRES_DSN }).faults).toEqual([
      expect.stringMatching(/^METADATA_POSTGRES_MIGRATION_DSN: leads to another machine without TLS/),
    ]);
    const { warnings } = resolveConfig({ env: { ...env, METADATA_POSTGRES_ALLOW_PLAINTEXT: 'true' } });
    expect(warnings).toEqual([]);
  });

  it.each([
    '@localhost/brownie',
    '@127.0.0.1:5432/brownie?sslmode=disable',
    '@[::1]:5432/brownie',
    '@/brownie?host=/run/postgresql',
    '@%2Frun%2Fpostgresql/brownie',
  ])('takes a database on this machine without TLS: app%s', (rest) => {
    expect(
      resolveConfig({ env: { ...good, METADATA_POSTGRES_DSN: `postgresql://app${rest}` } }).warnings,
    ).toEqual([]);
  });

  it('takes the files of certificates for TLS, with or without sslmode', () => {
    const dsn = 'postgresql://app@db/brownie?sslrootcert=/ca.pem';
    expect(resolveConfig({ env: { ...good, METADATA_POSTGRES_DSN: dsn } }).warnings).toEqual([]);
  });

  it('does not call a secret missing whose file is at fault', () => {
    const { METADATA_JWT_SECRET: _, ...rest } = good;
    expect(errorOf({ ...rest, METADATA_JWT_SECRET_FILE: '/gone' }).faults).toEqual([
      'METADATA_JWT_SECRET_FILE: there is no such file; give the path of a file that holds the value',
    ]);
  });

  it('refuses short and known secrets with the command that makes a good one, never quoting them', () => {
    const short = errorOf({ ...good, METADATA_JWT_SECRET: 'canary' });
    expect(short.faults).toEqual([
      'METADATA_JWT_SECRET: has 6 characters and needs at least 32; make a good one with: openssl rand -base64 32',
    ]);
    const known = 'your-secret-key-change-in-production';
    const error = errorOf({ ...good, METADATA_JWT_SECRET: known });
    expect(error.faults).toEqual([
      'METADATA_JWT_SECRET: is a known example or can be guessed; make a good one with: openssl rand -base64 32',
    ]);
    expect(error.message).not.toContain(known);
  });

  it('refuses METADATA_DEBUG, and accepts METADATA_LOG_LEVEL=DEBUG', () => {
    expect(errorOf({ ...good, METADATA_DEBUG: '1' }).faults).toEqual([
      'METADATA_DEBUG: refused in production; unset it, and use METADATA_LOG_LEVEL=DEBUG for more logs',
    ]);
    expect(loadConfig({ env: { ...good, METADATA_LOG_LEVEL: 'debug' } }).log.level).toBe('DEBUG');
    expect(loadConfig({ env: { ...good, METADATA_DEBUG: 'false' } }).debug).toBe(false);
  });

  it('refuses a contradiction, and reports the faults of production beside it', () => {
    expect(errorOf({ NODE_ENV: 'production', METADATA_ENVIRONMENT: 'test' }).faults).toEqual([
      'METADATA_ENVIRONMENT: test contradicts NODE_ENV=production, and either makes this a production service; ' +
        'unset METADATA_ENVIRONMENT, or NODE_ENV where this is none',
      ...missing,
    ]);
  });
});

describe('outside production', () => {
  it.each([{}, { NODE_ENV: 'development' }, { NODE_ENV: 'test' }, { METADATA_ENVIRONMENT: 'test' }])(
    'by %o nothing is required, nothing is warned of',
    (env) => {
      expect(resolveConfig({ env }).warnings).toEqual([]);
    },
  );

  it('a weak secret gives a warning', () => {
    expect(resolveConfig({ env: { METADATA_JWT_SECRET: 'canary' } }).warnings).toEqual([
      'METADATA_JWT_SECRET: has 6 characters and needs at least 32, which production refuses; make a good one with: ' +
        'openssl rand -base64 32',
    ]);
  });

  it('an unknown NODE_ENV gives a warning', () => {
    expect(resolveConfig({ env: { NODE_ENV: 'prod' } }).warnings).toEqual([
      'NODE_ENV: only production is known here, so this value does nothing; set METADATA_ENVIRONMENT',
    ]);
  });
});

describe('the length of a key', () => {
  it.each([
    ['HS384', 48],
    ['HS512', 64],
  ])('for %s is at least %i bytes, else there is a warning', (algorithm, bytes) => {
    const base = { ...good, METADATA_JWT_ALGORITHM: algorithm };
    expect(resolveConfig({ env: base }).warnings).toEqual([
      `METADATA_JWT_SECRET: is shorter than the ${bytes} bytes that RFC 7518 asks of a key for ${algorithm}; make a ` +
        'longer one with: openssl rand -base64 64',
    ]);
    const long = randomBytes(64).toString('base64url').slice(0, bytes);
    expect(resolveConfig({ env: { ...base, METADATA_JWT_SECRET: long } }).warnings).toEqual([]);
  });
});

describe('METADATA_COMPATIBILITY=v1', () => {
  const v1 = { ...good, METADATA_COMPATIBILITY: 'v1' };

  it('changes the defaults of passwords and sign-up, and no other', () => {
    const usual = loadConfig({ env: good });
    expect(loadConfig({ env: v1 })).toEqual({
      ...usual,
      compatibility: 'v1',
      passwords: { ...usual.passwords, minLength: 8, blocklist: false },
      signup: { limitPerHour: undefined, attemptsPerMinute: 120 },
    });
  });

  it('yields to what is set', () => {
    const set = {
      METADATA_PASSWORD_MIN_LENGTH: '15',
      METADATA_PASSWORD_BLOCKLIST: 'true',
      METADATA_SIGNUP_LIMIT_PER_HOUR: '10',
      METADATA_SIGNUP_ATTEMPTS_PER_MINUTE: '60',
    };
    expect(loadConfig({ env: { ...v1, ...set } })).toMatchObject({
      passwords: { minLength: 15, blocklist: true },
      signup: { limitPerHour: 10, attemptsPerMinute: 60 },
    });
  });

  it('never goes below 8 characters', () => {
    expect(errorOf({ ...v1, METADATA_PASSWORD_MIN_LENGTH: '7' }).faults).toHaveLength(1);
  });

  it('gives one warning', () => {
    expect(resolveConfig({ env: v1 }).warnings).toEqual([
      'METADATA_COMPATIBILITY: v1 is for moving existing clients over: it weakens the password and sign-up defaults and ignores unknown fields; ' +
        'unset it when they have moved',
    ]);
  });
});

describe('weak password rules', () => {
  it('give a warning where they are set', () => {
    const env = { METADATA_PASSWORD_MIN_LENGTH: '8', METADATA_PASSWORD_BLOCKLIST: 'off' };
    expect(resolveConfig({ env }).warnings).toEqual([
      'METADATA_PASSWORD_MIN_LENGTH: 8 is below the 15 characters that NIST SP 800-63B-4 asks of a password that is ' +
        'the only factor; give 15 or more',
      'METADATA_PASSWORD_BLOCKLIST: off, so common passwords are accepted; unset it',
    ]);
  });
});

describe('password hashes', () => {
  const hashes = (memory: string, iterations: string) => ({
    ...good,
    METADATA_ARGON2_MEMORY_KIB: memory,
    METADATA_ARGON2_ITERATIONS: iterations,
  });

  it.each([
    ['47104', '1'],
    ['19456', '2'],
    ['12288', '3'],
    ['65536', '4'],
  ])('may take %s KiB with %s iterations', (memory, iterations) => {
    expect(loadConfig({ env: hashes(memory, iterations) }).passwords.cost).toEqual({
      memoryKib: Number(memory),
      iterations: Number(iterations),
      parallelism: 1,
    });
  });

  it.each([
    ['47103', '1', 47_104],
    ['19455', '2', 19_456],
  ])('may not take %s KiB with %s iterations', (memory, iterations, least) => {
    expect(errorOf(hashes(memory, iterations)).faults).toEqual([
      `METADATA_ARGON2_MEMORY_KIB: ${memory} is below the ${least} KiB that OWASP ASVS 5 (appendix C) asks for with ` +
        `METADATA_ARGON2_ITERATIONS=${iterations}; give ${least} or more, or more iterations`,
    ]);
  });

  it('never take less than 12288 KiB', () => {
    expect(errorOf(hashes('12287', '3')).faults).toEqual([
      expect.stringContaining('METADATA_ARGON2_MEMORY_KIB: "12287" is too small'),
    ]);
  });
});

describe('unknown variables', () => {
  it('give warnings, also beside faults and from .env, unless empty', () => {
    const env = { METADATA_PROT: '1', METADATA_EMPTY: '' };
    expect(resolveConfig({ env }).warnings).toEqual([
      'METADATA_PROT: is not a setting and does nothing; the nearest one is METADATA_PORT',
    ]);
    const error = errorOf({ METADATA_PORT: 'x' }, { '.env': 'METADATA_HOTS=x\n' });
    expect(error.warnings).toEqual([
      'METADATA_HOTS: is not a setting and does nothing; the nearest one is METADATA_HOST',
    ]);
    expect(error.message).toContain('warning: METADATA_HOTS');
  });
});

describe('single sign-on', () => {
  const all = {
    METADATA_OIDC_ISSUER: 'https://id.example.com',
    METADATA_OIDC_CLIENT_ID: 'brownie',
    METADATA_OIDC_CLIENT_SECRET: 'hunter2',
    METADATA_OIDC_REDIRECT_URI: 'https://api.example.com/api/v1/auth/okta/callback',
  };
  const names = Object.keys(all) as (keyof typeof all)[];

  it('takes all four settings, the secret from a file too, or none', () => {
    const providers = [
      {
        name: 'default',
        issuer: 'https://id.example.com',
        clientId: 'brownie',
        clientSecret: 'hunter2',
        redirectUri: 'https://api.example.com/api/v1/auth/okta/callback',
        scopes: 'openid email',
        emailTrust: 'email_verified',
        isSecondFactor: false,
        groupsClaim: 'groups',
      },
    ];
    expect(loadConfig({ env: all }).oidcProviders).toEqual(providers);
    const { METADATA_OIDC_CLIENT_SECRET: secretText, ...rest } = all;
    const mounted = { ...rest, METADATA_OIDC_CLIENT_SECRET_FILE: '/s' };
    expect(loadConfig({ env: mounted, readFile: files({ '/s': `${secretText}\n` }) }).oidcProviders).toEqual(
      providers,
    );
    expect(loadConfig({ env: {} }).oidcProviders).toEqual([]);
  });

  const entra = {
    name: 'entra',
    issuer: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    client_id: 'brownie',
    client_secret: ' hunter3 ',
    redirect_uri: 'https://api.example.com/api/v1/auth/providers/entra/callback',
  };
  const further = (...items: readonly object[]) => ({
    ...all,
    METADATA_OIDC_PROVIDERS: JSON.stringify(items),
  });

  it('takes further providers as a list, without the four settings, too', () => {
    const given = {
      ...entra,
      email_trust: 'xms_edov',
      tenant: 'T',
      groups_claim: 'roles',
      scopes: 'openid  profile',
      second_factor: true,
    };
    const { oidcProviders } = loadConfig({ env: further(given) });
    expect(oidcProviders.map(({ name }) => name)).toEqual(['default', 'entra']);
    expect(oidcProviders[1]).toEqual({
      name: 'entra',
      issuer: entra.issuer,
      clientId: 'brownie',
      clientSecret: ' hunter3 ',
      redirectUri: entra.redirect_uri,
      emailTrust: 'xms_edov',
      tenant: 'T',
      groupsClaim: 'roles',
      scopes: 'openid profile',
      isSecondFactor: true,
    });
    const alone = loadConfig({ env: { METADATA_OIDC_PROVIDERS: JSON.stringify([entra]) } });
    expect(alone.oidcProviders).toMatchObject([
      { emailTrust: 'email_verified', scopes: 'openid email', isSecondFactor: false },
    ]);
  });

  it.each([
    ['no list', 'hunter3', /is not a JSON list/],
    ['what is missing', [{ ...entra, issuer: undefined }], /provider 1: issuer is missing/],
    ['what is not known', [{ ...entra, secret: 'hunter3' }], /"secret" is not known/],
    [
      'a secret that is no text',
      [{ ...entra, client_secret: ['hunter3'] }],
      /client_secret is blank, or no text/,
    ],
    ['another trust', [{ ...entra, email_trust: 'never' }], /email_trust "never" is not one of/],
    ['a name in capitals', [{ ...entra, name: 'Entra' }], /name "Entra" is no name/],
    [
      'one name for two',
      [entra, { ...entra, redirect_uri: 'https://a.example.com/' }],
      /two providers have one name/,
    ],
    ['one place for two', [entra, { ...entra, name: 'other' }], /two providers have one redirect_uri/],
    [
      'the place of the first',
      [{ ...entra, redirect_uri: all.METADATA_OIDC_REDIRECT_URI }],
      /two providers have one redirect_uri/,
    ],
    [
      'an issuer for anybody’s directory',
      [{ ...entra, issuer: 'https://login.microsoftonline.com/common/v2.0' }],
      /names no directory/,
    ],
  ])('refuses %s, and shows no secret', (_, list, words) => {
    const text = typeof list === 'string' ? list : JSON.stringify(list);
    const { faults } = errorOf({ ...all, METADATA_OIDC_PROVIDERS: text });
    expect(faults).toEqual([expect.stringMatching(words)]);
    expect(faults.join()).not.toContain('hunter3');
  });

  it.each(names)('is refused with %s alone, naming the other three', (name) => {
    const { faults } = errorOf({ [name]: all[name] });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(names.filter((each) => each !== name));
    expect(faults.join()).not.toContain('hunter2');
  });

  it('reports every fault at once', () => {
    const { faults } = errorOf({
      ...all,
      METADATA_OIDC_ISSUER: 'http://id.example.com',
      METADATA_OIDC_CLIENT_ID: ' ',
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'METADATA_OIDC_ISSUER',
      'METADATA_OIDC_CLIENT_ID',
    ]);
  });
});

describe('telephones of the levels', () => {
  const four = {
    METADATA_ONCALL_TELEPHONE: '+49 30 901820',
    METADATA_SENIOR_TELEPHONE: '+49 (30) 90-1821',
    METADATA_MANAGER_TELEPHONE: '+49 30 901822',
    METADATA_CTO_TELEPHONE: '+49 30 901823',
  };

  it('are those that are set', () => {
    expect(loadConfig({ env: four }).operations.telephones).toEqual(Object.values(four));
    const { METADATA_MANAGER_TELEPHONE: _, ...rest } = four;
    expect(loadConfig({ env: rest }).operations.telephones[2]).toBeUndefined();
  });

  it('differ, and have their country', () => {
    expect(errorOf({ ...four, METADATA_CTO_TELEPHONE: '+49 30 90 18 20' }).faults).toEqual([
      'METADATA_ONCALL_TELEPHONE and METADATA_CTO_TELEPHONE: are the same telephone; each level calls somebody else',
    ]);
    expect(errorOf({ METADATA_CTO_TELEPHONE: '+1-555-CTO' }).faults).toEqual([
      'METADATA_CTO_TELEPHONE: "+1-555-CTO" is no telephone with its country; give one such as +49 30 901820',
    ]);
  });
});

describe('mail', () => {
  const server = { METADATA_SMTP_HOST: 'smtp.example.com', METADATA_SMTP_FROM: 'Brownie <b@example.com>' };
  const login = { METADATA_SMTP_USER: 'brownie', METADATA_SMTP_PASSWORD: 'hunter2' };

  it('takes a server and whom mails are from, with a login or without, or nothing', () => {
    expect(loadConfig({ env: {} }).mail).toEqual({ smtp: undefined, linkUrl: undefined });
    expect(loadConfig({ env: server }).mail.smtp).toMatchObject({
      port: 587,
      tls: 'starttls',
      login: undefined,
    });
    const { METADATA_SMTP_PASSWORD: password, ...rest } = login;
    const mounted = { ...server, ...rest, METADATA_SMTP_PASSWORD_FILE: '/s' };
    expect(loadConfig({ env: mounted, readFile: files({ '/s': `${password}\n` }) }).mail.smtp?.login).toEqual(
      {
        user: 'brownie',
        password,
      },
    );
  });

  it.each([
    ['METADATA_SMTP_HOST', { METADATA_SMTP_HOST: 'smtp.example.com' }],
    ['METADATA_SMTP_FROM', { METADATA_SMTP_FROM: 'b@example.com' }],
    ['METADATA_SMTP_FROM', { ...server, METADATA_SMTP_FROM: 'a@example.com, b@example.com' }],
    ['METADATA_SMTP_USER', { ...server, METADATA_SMTP_USER: 'brownie' }],
    ['METADATA_SMTP_PASSWORD', { ...server, METADATA_SMTP_PASSWORD: 'hunter2' }],
    ['METADATA_SMTP_TLS', { ...good, ...server, METADATA_SMTP_TLS: 'none' }],
    ['METADATA_MAIL_LINK_URL', { METADATA_MAIL_LINK_URL: 'http://app.example.com' }],
    ['METADATA_MAIL_LINK_URL', { METADATA_MAIL_LINK_URL: 'https://app.example.com/#here' }],
  ])('is refused by %s', (name, env) => {
    const { faults } = errorOf(env);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([name]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it.each([{ METADATA_SMTP_ALLOW_PLAINTEXT: 'true' }, { METADATA_SMTP_HOST: '127.0.0.1' }])(
    'goes without TLS in production where that is said aloud, or to this machine: %o',
    (env) => {
      expect(
        loadConfig({ env: { ...good, ...server, METADATA_SMTP_TLS: 'none', ...env } }).mail.smtp?.tls,
      ).toBe('none');
    },
  );
});
