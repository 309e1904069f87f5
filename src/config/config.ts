import type {
  BackupConfig,
  Config,
  DatabaseConfig,
  HttpConfig,
  OidcConfig,
  TracingConfig,
} from './config-type.ts';
import { ConfigurationError } from './configuration-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type EffectiveSetting, effectiveSettings } from './describe.ts';
import { strictTls } from './dsn-tls-mode.ts';
import { type ConfigSource, type Environment, openEnvironment } from './env.ts';
import { errorCode } from './files.ts';
import { DamagedSecretError } from './jwt-secret.ts';
import { type Readings, readSettings } from './read-settings.ts';
import { checkRules } from './rules.ts';
import { allSettings } from './settings.ts';
import { unknownNames } from './unknown-names.ts';

export type * from './config-type.ts';

/** The configuration, and what a person should know about it. */
export interface ResolvedConfig<Secret extends string | undefined = string | undefined> {
  readonly config: Config<Secret>;
  /** To be logged at the start: unknown variables, weak choices. None holds a secret. */
  readonly warnings: readonly string[];
  /** Every setting with its effective value, secrets masked, and where it came from. */
  readonly settings: readonly EffectiveSetting[];
}

/**
 * The checked, frozen configuration of a source: `loadConfig(serviceSource())` in the service, a plain record
 * in a test (`loadConfig({ env: { METADATA_POSTGRES_DSN: dsn } })`), which touches neither process nor disk.
 *
 * Throws `ConfigurationError` with every fault at once.
 */
export function loadConfig<Secret extends string | undefined = string>(
  source: ConfigSource<Secret>,
): Config<Secret | string> {
  return resolveConfig(source).config;
}

/** As `loadConfig`, with the warnings and the effective settings. */
export function resolveConfig<Secret extends string | undefined = string>(
  source: ConfigSource<Secret>,
): ResolvedConfig<Secret | string> {
  const environment = openEnvironment(source);
  const { readings, faults } = readSettings(environment);
  const rules = checkRules(readings);
  const warnings = [...unknownNames(environment.names, allSettings), ...rules.warnings];
  const allFaults = [...environment.faults, ...faults, ...rules.faults];
  if (allFaults.length > 0) {
    throw new ConfigurationError(allFaults, warnings);
  }

  const secret = readings.jwtSecret.value ?? keptSecret(environment, readings.dataDir.value, warnings);
  return deepFreeze({
    config: assemble(readings, secret),
    warnings,
    settings: effectiveSettings(readings, secret),
  });
}

/** @NOTE only after everything else is in order: a faulty configuration must not write to the disk. */
function keptSecret<Secret extends string | undefined>(
  environment: Environment<Secret>,
  folder: string,
  warnings: readonly string[],
): Secret | string {
  try {
    return environment.jwtSecretIn(folder);
  } catch (error) {
    const fault =
      error instanceof DamagedSecretError
        ? 'METADATA_JWT_SECRET: the file jwt-secret in METADATA_DATA_DIR is damaged; delete it to have a new one made'
        : `METADATA_DATA_DIR: "${folder}" is no folder that this user can use (${errorCode(error)}); ` +
          'make it readable and writable for this user, or choose another';
    throw new ConfigurationError([fault], warnings);
  }
}

function assemble<Secret extends string | undefined>(readings: Readings, secret: Secret): Config<Secret> {
  return {
    environment: readings.environment.value,
    debug: readings.debug.value,
    compatibility: readings.compatibility.value,
    http: {
      host: readings.host.value,
      port: readings.port.value,
      corsOrigins: readings.corsOrigins.value,
      trustedProxies: readings.trustedProxies.value,
      tls: httpTls(readings),
    },
    log: { level: readings.logLevel.value },
    database: database(readings),
    pool: {
      sizeMin: readings.poolSize.value,
      sizeMax: readings.poolSize.value + readings.maxOverflow.value,
      prePing: readings.poolPrePing.value,
      recycleSeconds: readings.poolRecycleSeconds.value,
      echo: readings.echo.value,
      acquireTimeoutMs: readings.acquireTimeoutMs.value,
      statementTimeoutMs: readings.statementTimeoutMs.value,
      lockTimeoutMs: readings.lockTimeoutMs.value,
      idleInTransactionTimeoutMs: readings.idleInTransactionTimeoutMs.value,
      queryTimeoutMs: readings.queryTimeoutMs.value,
    },
    jwt: {
      secret,
      previousSecret: readings.jwtSecretPrevious.value,
      algorithm: readings.jwtAlgorithm.value,
      expiresMinutes: readings.jwtExpiresMinutes.value,
    },
    passwords: {
      minLength: readings.passwordMinLength.value,
      blocklist: readings.passwordBlocklist.value,
    },
    signup: {
      limitPerHour: readings.signupLimitPerHour.value === 0 ? undefined : readings.signupLimitPerHour.value,
      attemptsPerMinute: readings.signupAttemptsPerMinute.value,
    },
    oidc: oidc(readings),
    redis: { url: readings.redisUrl.value },
    operations: {
      port: readings.opsPort.value,
      allowedAddresses: readings.opsAllowedAddresses.value,
      token: readings.operatorToken.value,
      incidentDirectory: readings.incidentDirectory.value,
      prometheusUrl: readings.prometheusUrl.value,
    },
    lifecycle: {
      drainSeconds: readings.drainSeconds.value,
      stopTimeoutSeconds: readings.stopTimeoutSeconds.value,
      startTimeoutSeconds: readings.startTimeoutSeconds.value,
    },
    tracing: tracing(readings),
    backup: backup(readings),
  };
}

function httpTls({ tlsCertFile: cert, tlsKeyFile: key }: Readings): HttpConfig['tls'] {
  return cert.value === undefined || key.value === undefined
    ? undefined
    : { cert: cert.value, key: key.value };
}

function oidc(readings: Readings): OidcConfig | undefined {
  const issuer = readings.oidcIssuer.value;
  const clientId = readings.oidcClientId.value;
  const clientSecret = readings.oidcClientSecret.value;
  const redirectUri = readings.oidcRedirectUri.value;
  return issuer && clientId && clientSecret && redirectUri
    ? { issuer, clientId, clientSecret, redirectUri }
    : undefined;
}

function database({ dsn, migrationDsn, dataDir }: Readings): DatabaseConfig {
  if (dsn.value === undefined) {
    return { mode: 'embedded', dataDir: dataDir.value };
  }
  return {
    mode: 'external',
    dsn: strictTls(dsn.value),
    migrationDsn: strictTls(migrationDsn.value ?? dsn.value),
  };
}

function tracing(readings: Readings): TracingConfig {
  const base = readings.otlpEndpoint.value;
  return {
    disabled: readings.otelDisabled.value,
    endpoint: readings.otlpTracesEndpoint.value ?? (base && `${base.replace(/\/$/, '')}/v1/traces`),
    headers: { ...readings.otlpHeaders.value, ...readings.otlpTracesHeaders.value },
    serviceName: readings.otelServiceName.value,
    resourceAttributes: readings.otelResourceAttributes.value ?? {},
    sampler: readings.tracesSampler.value,
    share: readings.tracesSamplerShare.value,
  };
}

function backup(readings: Readings): BackupConfig {
  const dsn = readings.backupDsn.value ?? readings.migrationDsn.value ?? readings.dsn.value;
  return {
    dsn,
    restoreDsn: readings.restoreDsn.value ?? dsn,
    directory: readings.backupDirectory.value ?? 'backups',
    isDirectoryNamed: readings.backupDirectory.given,
    retentionDays: readings.backupRetentionDays.value,
    recipient: readings.backupRecipient.value,
    identityPath: readings.backupIdentityPath.value,
    s3Url: readings.backupS3Url.value,
    s3Endpoint: readings.backupS3Endpoint.value,
  };
}
