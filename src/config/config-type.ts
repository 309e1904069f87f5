import type { OidcProviderConfig } from './oidc-kinds.ts';
import type { smtpTls } from './settings-mail.ts';
import type { jwtAlgorithms } from './settings-security.ts';
import type { environments, logLevels } from './settings-service.ts';
import type { KeyPairs, samplers } from './settings-tracing.ts';

export type LogLevel = (typeof logLevels)[number];
export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

/**
 * The checked configuration, frozen through and through. It holds secrets: never log it. `Secret` is `string` where the JWT
 * secret is there for sure: in the service, which makes one where there is none.
 */
export interface Config<Secret extends string | undefined = string | undefined> {
  readonly environment: (typeof environments)[number];
  readonly debug: boolean;
  /** The profile for existing clients, where one is chosen. */
  readonly compatibility: 'v1' | undefined;
  readonly http: HttpConfig;
  readonly log: { readonly level: LogLevel };
  readonly database: DatabaseConfig;
  readonly pool: PoolConfig;
  readonly jwt: JwtConfig<Secret>;
  readonly sessions: SessionConfig;
  readonly passwords: PasswordConfig;
  readonly signup: SignupConfig;
  readonly quotas: QuotaConfig;
  /** The provider of single sign-on; `undefined`: there is none. */
  /** The paths of v1 are the first one's; none: no single sign-on. */
  readonly oidcProviders: readonly OidcProviderConfig[];
  /** What passkeys are for; `undefined`: there are none. */
  readonly passkeys: { readonly origins: readonly string[]; readonly rpId: string } | undefined;
  readonly mail: MailConfig;
  readonly redis: { readonly url: string | undefined };
  readonly cache: CacheConfig;
  readonly operations: OperationsConfig;
  readonly retention: RetentionConfig;
  readonly lifecycle: LifecycleConfig;
  readonly tracing: TracingConfig;
  readonly backup: BackupConfig;
}

/** The configuration that the service runs on. */
export type ServiceConfig = Config<string>;

export interface HttpConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Exact origins, as browsers send them; empty: no origin may call. */
  readonly corsOrigins: readonly string[];
  /** IP addresses and CIDR networks; empty: no X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Whom to tell of a fault: `mailto:` and `https:` addresses; empty: nobody is named. */
  readonly securityContacts: readonly string[];
  /** Paths of the certificate and the key of HTTPS; `undefined`: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** `embedded`: a PostgreSQL run by the service in `dataDir`, a path relative to the working directory or absolute. */
export type DatabaseConfig =
  | { readonly mode: 'embedded'; readonly dataDir: string }
  | {
      readonly mode: 'external';
      readonly dsn: string;
      /** Of replicas, each of one or several; empty: reads go to the primary. */
      readonly readDsns: readonly string[];
      readonly migrationDsn: string;
      /** Whether production may reach it without TLS. */
      readonly isPlaintextAllowed: boolean;
    };

export interface PoolConfig {
  /** Connections kept open. */
  readonly sizeMin: number;
  /** Connections kept open, and those beyond. */
  readonly sizeMax: number;
  /** Whether an idle connection is tested before it is lent. */
  readonly prePing: boolean;
  /** Age at which a connection is replaced; 0: never. */
  readonly recycleSeconds: number;
  /** Whether each statement is logged, without its parameters. */
  readonly echo: boolean;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  /** Kept on the client's side; above `statementTimeoutMs`. */
  readonly queryTimeoutMs: number;
}

export interface JwtConfig<Secret extends string | undefined = string | undefined> {
  /** `undefined`: none is set, and the service has made none yet. */
  readonly secret: Secret;
  /** The one before, while the secret is changed. */
  readonly previousSecret: string | undefined;
  readonly algorithm: JwtAlgorithm;
  readonly expiresMinutes: number;
}

export interface SessionConfig {
  /** Since a session was gone on with last. */
  readonly idleMinutes: number;
  /** Since its login. */
  readonly maxMinutes: number;
}

export interface PasswordConfig {
  /** In characters, from 8. */
  readonly minLength: number;
  /** Whether common and guessable passwords are refused. */
  readonly blocklist: boolean;
  /** What a hash takes (Argon2id). */
  readonly cost: {
    readonly memoryKib: number;
    readonly iterations: number;
    readonly parallelism: number;
  };
}

export interface QuotaConfig {
  /** Organizations that a user may own. */
  readonly organizationsPerUser: number;
}

export interface SignupConfig {
  /** Successful sign-ups per hour and address; `undefined`: no limit. */
  readonly limitPerHour: number | undefined;
  /** Requests per minute and address that are well-formed, successful or not; logins begun with a provider likewise. */
  readonly attemptsPerMinute: number;
}

export interface MailConfig {
  /** `undefined`: no mail is sent. */
  readonly smtp: SmtpConfig | undefined;
  /** The page that mails lead to, without a fragment; `undefined`: mails hold the token by itself. */
  readonly linkUrl: string | undefined;
}

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: (typeof smtpTls)[number];
  /** Whether production may reach it without TLS. */
  readonly isPlaintextAllowed: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** An address, with a name before it perhaps. */
  readonly from: string;
}

export interface OperationsConfig {
  /** Of a listener of its own for operators; `undefined`: none, 0: any free port. */
  readonly port: number | undefined;
  /** Who sees the details of health without the token. */
  readonly allowedAddresses: readonly string[];
  readonly token: string | undefined;
  /** Of the operators' log of incidents; relative to the working directory, or absolute. */
  readonly incidentDirectory: string;
  readonly prometheusUrl: string;
  /** Of whom an incident calls, the on-call engineer first; a level without one is `undefined`. */
  readonly telephones: readonly (string | undefined)[];
}

export interface CacheConfig {
  /** Whether callers are remembered. */
  readonly isOn: boolean;
  /** Ahead of the keys in Redis; may be empty. */
  readonly prefix: string;
  readonly ttlSeconds: number;
}

export interface LifecycleConfig {
  /** How long to serve on after the signal to stop. */
  readonly drainSeconds: number;
  /** How long requests may take after that. */
  readonly stopTimeoutSeconds: number;
  /** How long to wait for the database at the start; 0: without end. */
  readonly startTimeoutSeconds: number;
}

export interface TracingConfig {
  readonly disabled: boolean;
  /** Where spans are posted to, path included; `undefined`: there are no traces. */
  readonly endpoint: string | undefined;
  readonly headers: KeyPairs;
  /** `undefined`: that of the resource attributes, or our own. */
  readonly serviceName: string | undefined;
  readonly resourceAttributes: KeyPairs;
  readonly sampler: (typeof samplers)[number];
  /** Of traces that a sampler by ratio keeps, 0 to 1. */
  readonly share: number;
}

/** For how many days rows are kept; `undefined`: for ever. */
export interface RetentionConfig {
  readonly auditDays: number | undefined;
  readonly statsDays: number | undefined;
  readonly timelineDays: number | undefined;
}

export interface BackupConfig {
  /** Logs in as a role that sees every row; `undefined`: embedded mode, and none is named. */
  readonly dsn: string | undefined;
  /** The server to restore to; `undefined`: embedded mode, and none is named. */
  readonly restoreDsn: string | undefined;
  /** Relative to the working directory, or absolute. */
  readonly directory: string;
  /** Whether it was set, or is the default. */
  readonly isDirectoryNamed: boolean;
  readonly retentionDays: number;
  /** The public key that backups are encrypted for; `undefined`: they are not. */
  readonly recipient: string | undefined;
  /** The file of the private key. */
  readonly identityPath: string | undefined;
  /** `s3://bucket/prefix`; `undefined`: backups are not copied. */
  readonly s3Url: string | undefined;
  readonly s3Endpoint: string | undefined;
}
