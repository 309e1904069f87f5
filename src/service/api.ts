import {
  AgentConfigService,
  agentConfigConstraints,
  agentConfigRoutes,
  VersionService,
  versionRoutes,
} from '../features/agent-configs/index.ts';
import { ApiKeyService, apiKeyRoutes } from '../features/api-keys/index.ts';
import { AuditService, auditRoutes, ChainService, chainRoutes } from '../features/audit-trail/index.ts';
import { configConstraints, configRoutes } from '../features/configs/index.ts';
import {
  GroupMappingService,
  groupMappingConstraints,
  groupMappingRoutes,
} from '../features/external-groups/index.ts';
import {
  IncidentService,
  incidentConstraints,
  incidentRoutes,
  TimelineService,
} from '../features/incidents/index.ts';
import { InvitationAcceptance, InvitationService, invitationRoutes } from '../features/invitations/index.ts';
import {
  type OrganizationQuotas,
  OrganizationService,
  organizationConstraints,
  organizationRoutes,
} from '../features/organizations/index.ts';
import { EmailVerification, PasswordReset, proofRoutes } from '../features/proofs/index.ts';
import { ProposalService, proposalRoutes } from '../features/proposals/index.ts';
import {
  ScimGroupService,
  ScimUserService,
  ServiceDescription,
  scimConstraints,
  scimGroupRoutes,
  scimServiceRoutes,
  scimUserRoutes,
} from '../features/scim/index.ts';
import {
  FactorCheck,
  PasskeyCheck,
  type PasskeyOptions,
  PasskeyService,
  passkeyRoutes,
  SecondFactorService,
  secondFactorRoutes,
} from '../features/second-factor/index.ts';
import {
  LoginAttempts,
  OidcService,
  OrganizationSwitch,
  oidcRoutes,
  PasskeyLogin,
  PasswordUpgrade,
  passkeyLoginRoutes,
  RefreshService,
  SecondStep,
  SessionEnd,
  type SessionLimits,
  SessionService,
  type SignupLimitOptions,
  SignupLimits,
  SignupService,
  sessionLifetimes,
  sessionRoutes,
} from '../features/sessions/index.ts';
import { StatsService, statsConstraints, statsRoutes } from '../features/stats/index.ts';
import { TeamService, teamConstraints, teamRoutes } from '../features/teams/index.ts';
import {
  OrganizationMembers,
  organizationMemberRoutes,
  ServiceAccounts,
  UserService,
  userConstraints,
  userRoutes,
} from '../features/users/index.ts';
import type { CheckpointKeys } from '../platform/audit/checkpoint.ts';
import type { OidcProviderOptions } from '../platform/auth/oidc-provider.ts';
import { PasswordPolicy, type PasswordPolicyOptions } from '../platform/auth/password-policy.ts';
import { type PasswordCost, Passwords } from '../platform/auth/passwords.ts';
import type { SecretBox } from '../platform/auth/secret-box.ts';
import { SharedLimits } from '../platform/auth/shared-limits.ts';
import { type TokenOptions, Tokens } from '../platform/auth/tokens.ts';
import type { PayloadFingerprints } from '../platform/changes/payload-fingerprints.ts';
import type { Database } from '../platform/database/database.ts';
import type { ConstraintErrors } from '../platform/database/database-errors.ts';
import type { Cursors } from '../platform/http/cursor.ts';
import type { Route } from '../platform/http/route.ts';
import { MailOutbox } from '../platform/mail/mail-outbox.ts';
import type { MailSeal } from '../platform/mail/mail-seal.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';

export interface PasswordOptions extends PasswordPolicyOptions {
  /** What their hashes take; as much as the standard asks for by default. */
  readonly cost?: PasswordCost;
}

export interface ApiOptions {
  readonly db: Database;
  readonly jwt: Omit<TokenOptions, 'onVerified'>;
  readonly cursors: Cursors;
  /** Encrypts the secrets of second factors. */
  readonly box: SecretBox;
  /** What passkeys are for; without it none is added, nor used. */
  readonly passkeys?: PasskeyOptions | undefined;
  readonly fingerprints: PayloadFingerprints;
  readonly sessions: SessionLimits;
  readonly passwords: PasswordOptions;
  readonly checkpointKeys: CheckpointKeys;
  readonly signup: SignupLimitOptions;
  readonly quotas: OrganizationQuotas;
  readonly mail: { readonly seal: MailSeal; readonly linkUrl?: string | undefined };
  readonly logger: Pick<Logger, 'warn'>;
  /** Of single sign-on; without any, the routes of v1 answer 501. */
  readonly oidcProviders?: readonly OidcProviderOptions[];
  readonly metrics: Pick<
    Metrics,
    | 'tokenIssued'
    | 'tokenVerified'
    | 'authenticationFailed'
    | 'passwordWork'
    | 'passwordQueueOpened'
    | 'passwordRehashed'
  >;
}

export interface Api {
  /** Every route under /api/v1. */
  readonly routes: readonly Route[];
  /** Those under /scim/v2, for directories. */
  readonly scimRoutes: readonly Route[];
  readonly tokens: Tokens;
}

/** What each constraint of the database means, from the features that own them. */
export const constraintErrors: ConstraintErrors = {
  ...organizationConstraints,
  ...userConstraints,
  ...teamConstraints,
  ...groupMappingConstraints,
  ...incidentConstraints,
  ...agentConfigConstraints,
  ...configConstraints,
  ...statsConstraints,
  ...scimConstraints,
};

/** The features, each given what it needs, and the routes they make up. */
export function createApi(options: ApiOptions): Api {
  const { db, jwt, cursors, passwords: policy, signup, metrics } = options;
  const tokens = new Tokens({ ...jwt, onVerified: metrics.tokenVerified });
  const passwords = new Passwords({ cost: policy.cost, observer: metrics.passwordWork });
  metrics.passwordQueueOpened(passwords.queue);
  const passwordPolicy = new PasswordPolicy(policy);
  const organizations = new OrganizationService(db, options.quotas);
  const teams = new TeamService({ db, cursors });
  const limits = new SharedLimits(db);
  const attempts = new LoginAttempts({
    db,
    onThrottled: () => metrics.authenticationFailed('wrong_credentials'),
  });
  const users = new UserService({ db, cursors, passwords, passwordPolicy, attempts, limits });
  const lifetimes = sessionLifetimes(options.sessions, tokens);
  const upgrade = new PasswordUpgrade({ db, passwords, onResult: metrics.passwordRehashed });
  const { box } = options;
  const passkeys = new PasskeyCheck(db, options.passkeys);
  const factors = new FactorCheck({ db, box, attempts, passkeys });
  const secondFactor = new SecondFactorService({ db, box, passwords, attempts, factors });
  const sessions = new SessionService({
    db,
    passwords,
    attempts,
    upgrade,
    tokens,
    lifetimes,
    factors,
    metrics,
  });
  const seconds = new SecondStep({ db, factors, sessions, metrics });
  const passkeyLogin = new PasskeyLogin({
    db,
    passkeys,
    seconds,
    sessions,
    limits,
    attemptsPerMinute: signup.attemptsPerMinute,
    metrics,
  });
  const refreshes = new RefreshService({ db, limits, tokens, lifetimes, metrics });
  const switches = new OrganizationSwitch({ db, tokens, lifetimes, metrics });
  const signups = new SignupService({
    db,
    passwords,
    attempts,
    passwordPolicy,
    limits: new SignupLimits(signup, limits),
    sessions,
    fingerprints: options.fingerprints,
  });
  const mails = {
    db,
    cursors,
    limits,
    outbox: new MailOutbox(options.mail.seal),
    linkUrl: options.mail.linkUrl,
    attemptsPerMinute: signup.attemptsPerMinute,
    passwords,
    passwordPolicy,
    logger: options.logger,
  };
  const { oidcProviders: providers = [] } = options;
  const oidc =
    providers.length === 0
      ? undefined
      : new OidcService({
          providers,
          db,
          sessions,
          limits,
          attemptsPerMinute: signup.attemptsPerMinute,
          metrics,
          logger: options.logger,
        });
  const incidents = new IncidentService({ db, cursors, teams });
  const timeline = new TimelineService({ db, cursors, incidents });
  const configs = new AgentConfigService({ db, cursors, teams });
  const versions = new VersionService({ db, cursors, configs });
  const stats = new StatsService({ db, cursors, teams });
  const apiKeys = new ApiKeyService({ db, cursors });
  const audit = new AuditService({ db, cursors });
  return {
    routes: [
      ...sessionRoutes(sessions, signups, refreshes, switches, seconds, new SessionEnd(db)),
      ...secondFactorRoutes(secondFactor),
      ...passkeyRoutes(new PasskeyService({ db, passwords, attempts, factors, passkeys })),
      ...passkeyLoginRoutes(passkeyLogin),
      ...oidcRoutes(oidc),
      ...proofRoutes(new PasswordReset(mails), new EmailVerification(mails)),
      ...organizationRoutes(organizations),
      ...teamRoutes(teams),
      ...organizationMemberRoutes(new OrganizationMembers(db, options.quotas)),
      ...userRoutes(users, new ServiceAccounts(db)),
      ...invitationRoutes(new InvitationService(mails), new InvitationAcceptance(mails)),
      ...groupMappingRoutes(new GroupMappingService({ db, cursors })),
      ...incidentRoutes(incidents, timeline),
      ...agentConfigRoutes(configs),
      ...versionRoutes(versions),
      ...proposalRoutes(new ProposalService({ db, cursors, configs })),
      ...configRoutes({ db, cursors }),
      ...statsRoutes(stats),
      ...apiKeyRoutes(apiKeys),
      ...auditRoutes(audit),
      ...chainRoutes(new ChainService({ db, keys: options.checkpointKeys })),
    ],
    scimRoutes: [
      ...scimServiceRoutes(new ServiceDescription(limits)),
      ...scimUserRoutes(new ScimUserService({ db, limits })),
      ...scimGroupRoutes(new ScimGroupService({ db, limits })),
    ],
    tokens,
  };
}
