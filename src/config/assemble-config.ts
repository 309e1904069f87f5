import type {
  BackupConfig,
  Config,
  DatabaseConfig,
  HttpConfig,
  MailConfig,
  TracingConfig,
} from './config-type.ts';
import type { OidcProviderConfig } from './oidc-kinds.ts';
import { strictTls } from './postgres-dsn.ts';
import type { Readings } from './read-settings.ts';
import { telephoneSettings } from './settings-operations.ts';

/** The configuration that settings amount to, once nothing is wrong with them. */
export function assembleConfig<Secret extends string | undefined>(
  readings: Readings,
  secret: Secret,
): Config<Secret> {
  return {
    environment: readings.environment.value,
    debug: readings.debug.value,
    compatibility: readings.compatibility.value,
    http: {
      host: readings.host.value,
      port: readings.port.value,
      corsOrigins: readings.corsOrigins.value,
      trustedProxies: readings.trustedProxies.value,
      securityContacts: readings.securityContacts.value,
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
    sessions: {
      idleMinutes: readings.sessionIdleMinutes.value,
      maxMinutes: readings.sessionMaxMinutes.value,
    },
    passwords: {
      minLength: readings.passwordMinLength.value,
      blocklist: readings.passwordBlocklist.value,
      cost: {
        memoryKib: readings.argon2MemoryKib.value,
        iterations: readings.argon2Iterations.value,
        parallelism: readings.argon2Parallelism.value,
      },
    },
    quotas: { organizationsPerUser: readings.organizationsPerUser.value },
    signup: {
      limitPerHour: readings.signupLimitPerHour.value === 0 ? undefined : readings.signupLimitPerHour.value,
      attemptsPerMinute: readings.signupAttemptsPerMinute.value,
    },
    oidcProviders: oidcProviders(readings),
    passkeys: passkeys(readings),
    mail: mail(readings),
    redis: { url: readings.redisUrl.value },
    cache: {
      isOn: readings.cache.value ?? readings.redisUrl.value !== undefined,
      prefix: readings.cachePrefix.value ?? '',
      ttlSeconds: readings.cacheTtlSeconds.value,
    },
    operations: {
      port: readings.opsPort.value,
      allowedAddresses: readings.opsAllowedAddresses.value,
      token: readings.operatorToken.value,
      incidentDirectory: readings.incidentDirectory.value,
      prometheusUrl: readings.prometheusUrl.value,
      telephones: telephoneSettings.map((key) => readings[key].value),
    },
    retention: {
      auditDays: readings.auditRetentionDays.value,
      statsDays: readings.statsRetentionDays.value,
      timelineDays: readings.timelineRetentionDays.value,
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

/** The one of the four settings, and the further ones. */
function oidcProviders(readings: Readings): readonly OidcProviderConfig[] {
  const issuer = readings.oidcIssuer.value;
  const clientId = readings.oidcClientId.value;
  const clientSecret = readings.oidcClientSecret.value;
  const redirectUri = readings.oidcRedirectUri.value;
  const further = readings.oidcProviders.value ?? [];
  return issuer && clientId && clientSecret && redirectUri
    ? [
        {
          name: readings.oidcName.value,
          issuer,
          clientId,
          clientSecret,
          redirectUri,
          scopes: readings.oidcScopes.value,
          emailTrust: readings.oidcEmailTrust.value,
          tenant: readings.oidcTenant.value,
          isSecondFactor: readings.oidcSecondFactor.value,
          groupsClaim: readings.oidcGroupsClaim.value,
          postLogoutRedirectUri: readings.oidcPostLogoutRedirectUri.value,
        },
        ...further,
      ]
    : further;
}

function passkeys({ passkeyOrigins, passkeyRpId }: Readings): Config['passkeys'] {
  const [first] = passkeyOrigins.value;
  return first === undefined
    ? undefined
    : { origins: passkeyOrigins.value, rpId: passkeyRpId.value ?? new URL(first).hostname };
}

function mail(readings: Readings): MailConfig {
  const host = readings.smtpHost.value;
  const from = readings.smtpFrom.value;
  const user = readings.smtpUser.value;
  const password = readings.smtpPassword.value;
  return {
    smtp:
      host === undefined || from === undefined
        ? undefined
        : {
            host,
            port: readings.smtpPort.value,
            tls: readings.smtpTls.value,
            isPlaintextAllowed: readings.smtpPlaintextAllowed.value,
            login: user === undefined || password === undefined ? undefined : { user, password },
            from,
          },
    linkUrl: readings.mailLinkUrl.value,
  };
}

function database({ dsn, readDsn, migrationDsn, plaintextAllowed, dataDir }: Readings): DatabaseConfig {
  if (dsn.value === undefined) {
    return { mode: 'embedded', dataDir: dataDir.value };
  }
  return {
    mode: 'external',
    isPlaintextAllowed: plaintextAllowed.value,
    dsn: strictTls(dsn.value),
    readDsns: (readDsn.value ?? []).map(strictTls),
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
