import { isIP } from 'node:net';
import { makeSecretCommand, secretLengthMin, weakness } from './jwt-secret.ts';
import { quote } from './kinds.ts';
import { isPlaintext, isUnverified, serversWarning, tlsModeWarning } from './postgres-dsn.ts';
import { isNodeProduction, isProduction, type Readings } from './read-settings.ts';
import { operationsSettings, telephoneSettings } from './settings-operations.ts';
import { isLoopback } from './url-kinds.ts';

/** What settings demand of each other: faults stop the service, warnings are logged. */
export interface Findings {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

const goodSecret = `make a good one with: ${makeSecretCommand}`;

/** Checks what no setting can check alone. Expects each setting to have been read. */
export function checkRules(readings: Readings): Findings {
  const production = isProduction(readings);
  const secret = checkSecret(readings, production);
  return {
    faults: [
      ...environmentFaults(readings),
      ...tlsFaults(readings),
      ...oidcFaults(readings),
      ...passwordHashFaults(readings),
      ...passkeyFaults(readings),
      ...mailFaults(readings, production),
      ...telephoneFaults(readings),
      ...(production ? productionFaults(readings) : []),
      ...secret.faults,
      ...databaseFaults(readings, production),
    ],
    warnings: [
      ...environmentWarnings(readings),
      ...dsnWarnings(readings),
      ...secret.warnings,
      ...passwordWarnings(readings),
    ],
  };
}

function environmentFaults(readings: Readings): string[] {
  const { environment } = readings;
  if (!isNodeProduction(readings) || environment.value === 'production') {
    return [];
  }
  return [
    `METADATA_ENVIRONMENT: ${environment.shown} contradicts NODE_ENV=production, and either makes this a production ` +
      'service; unset METADATA_ENVIRONMENT, or NODE_ENV where this is none',
  ];
}

function tlsFaults({ tlsCertFile, tlsKeyFile }: Readings): string[] {
  if (tlsCertFile.given === tlsKeyFile.given) {
    return [];
  }
  const [given, missing] = tlsCertFile.given ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
  return [
    `METADATA_TLS_${given}_FILE: is set without METADATA_TLS_${missing}_FILE; set both for HTTPS, or neither for HTTP`,
  ];
}

function oidcFaults(readings: Readings): string[] {
  const given = [
    ['METADATA_OIDC_ISSUER', readings.oidcIssuer.given],
    ['METADATA_OIDC_CLIENT_ID', readings.oidcClientId.given],
    ['METADATA_OIDC_CLIENT_SECRET', readings.oidcClientSecret.given],
    ['METADATA_OIDC_REDIRECT_URI', readings.oidcRedirectUri.given],
  ] as const;
  const missing = given.filter(([, isGiven]) => !isGiven);
  const incomplete = missing.length === given.length ? [] : missing;
  return [
    ...incomplete.map(
      ([name]) =>
        `${name}: is missing; single sign-on takes all four METADATA_OIDC_… settings, set it or unset the others`,
    ),
    ...sharedFaults(readings),
  ];
}

/** @NOTE by the place that an answer comes to, it is known whose it is (RFC 9700, 4.4.2), of providers too that do not say so in it. */
function sharedFaults(readings: Readings): string[] {
  const further = readings.oidcProviders.value ?? [];
  const first = readings.oidcIssuer.given
    ? [{ name: readings.oidcName.value, redirectUri: readings.oidcRedirectUri.value }]
    : [];
  const providers = [...first, ...further.map(({ name, redirectUri }) => ({ name, redirectUri }))];
  const isShared = (key: 'name' | 'redirectUri'): boolean =>
    new Set(providers.map((provider) => provider[key])).size < providers.length;
  return [
    ...(isShared('name')
      ? ['METADATA_OIDC_PROVIDERS: two providers have one name; METADATA_OIDC_NAME names the first']
      : []),
    ...(isShared('redirectUri')
      ? [
          'METADATA_OIDC_PROVIDERS: two providers have one redirect_uri; give each its own, /api/v1/auth/providers/<name>/callback',
        ]
      : []),
  ];
}

/** @NOTE OWASP ASVS 5, appendix C: the least memory in KiB by iterations. */
function passwordHashFaults({ argon2MemoryKib: memory, argon2Iterations: iterations }: Readings): string[] {
  const least = { 1: 47_104, 2: 19_456 }[iterations.value] ?? 12_288;
  if (memory.faulty || iterations.faulty || memory.value >= least) {
    return [];
  }
  return [
    `METADATA_ARGON2_MEMORY_KIB: ${memory.value} is below the ${least} KiB that OWASP ASVS 5 (appendix C) asks for with ` +
      `METADATA_ARGON2_ITERATIONS=${iterations.value}; give ${least} or more, or more iterations`,
  ];
}

/** What browsers would refuse of the settings of passkeys: WebAuthn, 5.1.3 and 5.1.4. */
function passkeyFaults({ passkeyOrigins, passkeyRpId }: Readings): string[] {
  const origins = passkeyOrigins.value.map((origin) => new URL(origin));
  const [first] = origins;
  if (first === undefined) {
    return passkeyRpId.given
      ? [
          'METADATA_PASSKEY_RP_ID: is set without METADATA_PASSKEY_ORIGIN; set both, or neither for no passkeys',
        ]
      : [];
  }
  const rpId = passkeyRpId.value ?? first.hostname;
  const isDomain = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(rpId) && isIP(rpId) === 0;
  return [
    ...(isDomain
      ? []
      : [`METADATA_PASSKEY_RP_ID: ${quote(rpId)} is no domain in lower case; write one such as example.com`]),
    ...origins
      .filter(({ protocol, hostname }) => protocol !== 'https:' && !/(^|\.)localhost$/.test(hostname))
      .map(
        ({ origin }) =>
          `METADATA_PASSKEY_ORIGIN: ${quote(origin)} is plain HTTP, which is taken on localhost only; give https://`,
      ),
    ...origins
      .filter(({ hostname }) => hostname !== rpId && !hostname.endsWith(`.${rpId}`))
      .map(
        ({ origin }) =>
          `METADATA_PASSKEY_ORIGIN: ${quote(origin)} is neither ${rpId} nor below it; set METADATA_PASSKEY_RP_ID to a domain that all pages share`,
      ),
  ];
}

function mailFaults(readings: Readings, production: boolean): string[] {
  const { smtpHost: host, smtpFrom, smtpUser, smtpPassword, smtpTls: tls, smtpPlaintextAllowed } = readings;
  const faults: string[] = [];
  if (host.given !== smtpFrom.given) {
    const [given, missing] = host.given ? ['HOST', 'FROM'] : ['FROM', 'HOST'];
    faults.push(
      `METADATA_SMTP_${given}: is set without METADATA_SMTP_${missing}; set both, or neither to send no mail`,
    );
  }
  if (smtpUser.given !== smtpPassword.given) {
    const [given, missing] = smtpUser.given ? ['USER', 'PASSWORD'] : ['PASSWORD', 'USER'];
    faults.push(`METADATA_SMTP_${given}: is set without METADATA_SMTP_${missing}; set both, or neither`);
  }
  const isPlain = host.value !== undefined && tls.value === 'none' && !isLoopback(host.value);
  if (production && isPlain && !smtpPlaintextAllowed.value) {
    faults.push(
      'METADATA_SMTP_TLS: none leads to another machine without TLS, which is refused in production; write starttls or implicit, or say ' +
        'METADATA_SMTP_ALLOW_PLAINTEXT=true where something else encrypts the way',
    );
  }
  return faults;
}

/** @NOTE a level that rings whoever has not answered before calls nobody. */
function telephoneFaults(readings: Readings): string[] {
  const byDigits = Map.groupBy(
    telephoneSettings.filter((key) => readings[key].given),
    (key) => readings[key].value?.replace(/\D/g, ''),
  );
  return [...byDigits.values()]
    .filter(({ length }) => length > 1)
    .map((keys) => {
      const names = keys.map((key) => operationsSettings[key].name);
      return `${names.join(' and ')}: are the same telephone; each level calls somebody else`;
    });
}

function environmentWarnings({ nodeEnv }: Readings): string[] {
  const word = nodeEnv.value?.toLowerCase();
  if (word === undefined || ['development', 'test', 'production'].includes(word)) {
    return [];
  }
  return ['NODE_ENV: only production is known here, so this value does nothing; set METADATA_ENVIRONMENT'];
}

/** @NOTE the connection strings under the names of their variables; no sentence may quote more than sslmode. */
const dsnsOf = ({
  dsn,
  readDsn,
  migrationDsn,
}: Readings): readonly (readonly [string, string | undefined])[] => [
  ['METADATA_POSTGRES_DSN', dsn.value],
  ...(readDsn.value ?? []).map((value) => ['METADATA_POSTGRES_READ_DSN', value] as const),
  ['METADATA_POSTGRES_MIGRATION_DSN', migrationDsn.value],
];

function dsnWarnings(readings: Readings): string[] {
  return dsnsOf(readings).flatMap(([name, dsn = '']) => {
    const isOfReplicas = name === 'METADATA_POSTGRES_READ_DSN';
    return [tlsModeWarning(dsn), isOfReplicas ? undefined : serversWarning(dsn)].flatMap((words) =>
      words === undefined ? [] : [`${name}: ${words}`],
    );
  });
}

function productionFaults(readings: Readings): string[] {
  const { dsn, debug } = readings;
  const faults = dsnsOf(readings).flatMap(([name, value = '']) =>
    isUnverified(value)
      ? [`${name}: sslmode=no-verify is refused in production; write sslmode=verify-full`]
      : [],
  );
  if (!readings.plaintextAllowed.value) {
    faults.push(
      ...dsnsOf(readings)
        .filter(([, value = '']) => isPlaintext(value))
        .map(
          ([name]) =>
            `${name}: leads to another machine without TLS, which is refused in production; write sslmode=verify-full, or say ` +
            'METADATA_POSTGRES_ALLOW_PLAINTEXT=true where something else encrypts the way',
        ),
    );
  }
  if (!dsn.given) {
    faults.push(
      'METADATA_POSTGRES_DSN: required in production; give the connection string of the database, ' +
        'postgresql://user:password@host:5432/database, or its file in METADATA_POSTGRES_DSN_FILE',
    );
  }
  if (debug.value) {
    faults.push(
      'METADATA_DEBUG: refused in production; unset it, and use METADATA_LOG_LEVEL=DEBUG for more logs',
    );
  }
  return faults;
}

function checkSecret({ jwtSecret, jwtAlgorithm }: Readings, production: boolean): Findings {
  const secret = jwtSecret.value;
  if (secret === undefined) {
    const missing = production && !jwtSecret.given;
    return {
      faults: missing
        ? [
            `METADATA_JWT_SECRET: required in production, at least ${secretLengthMin} characters; ${goodSecret}`,
          ]
        : [],
      warnings: [],
    };
  }
  const weak = weakness(secret);
  if (weak !== undefined) {
    return production
      ? { faults: [`METADATA_JWT_SECRET: ${weak}; ${goodSecret}`], warnings: [] }
      : { faults: [], warnings: [`METADATA_JWT_SECRET: ${weak}, which production refuses; ${goodSecret}`] };
  }
  const bytes = jwtAlgorithm.value.startsWith('HS') ? Number(jwtAlgorithm.value.slice(2)) / 8 : 0;
  if (Buffer.byteLength(secret) >= bytes) {
    return { faults: [], warnings: [] };
  }
  return {
    faults: [],
    warnings: [
      `METADATA_JWT_SECRET: is shorter than the ${bytes} bytes that RFC 7518 asks of a key for ${jwtAlgorithm.value}; ` +
        'make a longer one with: openssl rand -base64 64',
    ],
  };
}

function databaseFaults(readings: Readings, production: boolean): string[] {
  const { dsn, readDsn, migrationDsn, statementTimeoutMs, queryTimeoutMs } = readings;
  const faults: string[] = [];
  if (readDsn.given && !dsn.given && !production) {
    faults.push(
      'METADATA_POSTGRES_READ_DSN: is set without METADATA_POSTGRES_DSN; set both, or neither for embedded mode',
    );
  }
  if (migrationDsn.given && !dsn.given && !production) {
    faults.push(
      'METADATA_POSTGRES_MIGRATION_DSN: is set without METADATA_POSTGRES_DSN; set both, or neither for embedded mode',
    );
  }
  const comparable = !queryTimeoutMs.faulty && !statementTimeoutMs.faulty;
  if (comparable && queryTimeoutMs.value <= statementTimeoutMs.value) {
    faults.push(
      `METADATA_POSTGRES_QUERY_TIMEOUT_MS: ${queryTimeoutMs.value} is not above METADATA_POSTGRES_STATEMENT_TIMEOUT_MS ` +
        `(${statementTimeoutMs.value}), so connections would be given up before the server cancels; ` +
        `give more than ${statementTimeoutMs.value}`,
    );
  }
  return faults;
}

function passwordWarnings({ compatibility, passwordMinLength, passwordBlocklist }: Readings): string[] {
  const warnings: string[] = [];
  if (compatibility.value === 'v1') {
    warnings.push(
      'METADATA_COMPATIBILITY: v1 is for moving existing clients over: it weakens the password and sign-up defaults and ignores unknown fields; ' +
        'unset it when they have moved',
    );
  }
  if (passwordMinLength.source !== 'profile v1' && passwordMinLength.value < 15) {
    warnings.push(
      `METADATA_PASSWORD_MIN_LENGTH: ${passwordMinLength.value} is below the 15 characters that NIST SP 800-63B-4 asks ` +
        'of a password that is the only factor; give 15 or more',
    );
  }
  if (passwordBlocklist.source !== 'profile v1' && !passwordBlocklist.value) {
    warnings.push('METADATA_PASSWORD_BLOCKLIST: off, so common passwords are accepted; unset it');
  }
  return warnings;
}
