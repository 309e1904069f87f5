import { flag, telephone, text, wholeNumber } from './kinds.ts';
import { addressList, serviceUrl } from './network-kinds.ts';
import { operatorToken, redisUrl } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

const section = 'operations';

const telephoneOf = (name: string, who: string, example: string) =>
  optionalSetting(telephone(), {
    name,
    section,
    absent: 'not set: nobody is named to call',
    description: `The telephone of the ${who}, for \`brownie incident\` and what the pager is sent (\`npm run monitoring:generate\`).`,
    example,
  });

const daysKept = (name: string, what: string, example: string) =>
  optionalSetting(wholeNumber({ min: 1, max: 36_500 }), {
    name,
    section,
    absent: 'not set: for ever',
    description: `For how many days ${what} are kept, by \`brownie retention --apply\`, which somebody runs regularly: [retention](operations.md#retention).`,
    example,
  });

export const operationsSettings = {
  auditRetentionDays: daysKept('METADATA_AUDIT_RETENTION_DAYS', 'entries of the audit trail', '730'),
  statsRetentionDays: daysKept('METADATA_STATS_RETENTION_DAYS', 'measured values', '400'),
  timelineRetentionDays: daysKept(
    'METADATA_TIMELINE_RETENTION_DAYS',
    'the timelines of incidents that are over, from their last change on,',
    '1095',
  ),
  redisUrl: optionalSetting(redisUrl(), {
    name: 'METADATA_REDIS_URL',
    section,
    absent: 'not set: no Redis',
    description:
      'The Redis that instances share; `rediss://` for TLS, with an authority of your own in `NODE_EXTRA_CA_CERTS`. ' +
      'Without it nothing is missing, and health says `disabled`.',
    example: 'rediss://:password@redis.example.com:6379/0',
  }),
  cache: optionalSetting(flag(), {
    name: 'METADATA_CACHE',
    section,
    absent: 'on where METADATA_REDIS_URL is set',
    description:
      'Whether users, their memberships and their sessions are remembered for reads: in memory, and in Redis where there is one. A change of access made at ' +
      'another instance then takes up to a second, not none: [caching](operations.md#caching).',
    example: 'true',
  }),
  cachePrefix: optionalSetting(text('prefix'), {
    name: 'METADATA_CACHE_PREFIX',
    section,
    absent: 'not set: the keys are `user:{user_id}`',
    description: 'Goes ahead of the keys in Redis: for a Redis that others use, too.',
    example: 'brownie:',
  }),
  cacheTtlSeconds: setting(wholeNumber({ min: 1, max: 3_600 }), {
    name: 'METADATA_CACHE_TTL_SECONDS',
    section,
    default: 300,
    description: 'For how long a user is remembered at most; who changes is not remembered any more at once.',
    example: '60',
  }),
  opsPort: optionalSetting(wholeNumber({ min: 0, max: 65_535 }), {
    name: 'METADATA_OPS_PORT',
    section,
    absent: 'not set: on METADATA_PORT',
    description:
      'A port of its own for `/metrics`, `/health/detailed` and `/api/v1/ops`, which then leave `METADATA_PORT`; `/health` and its ' +
      'probes are on both. `0` takes a free one. Without it, production shows `/metrics` as it shows the details of `/health/detailed`.',
    example: '9090',
  }),
  opsAllowedAddresses: setting(addressList(), {
    name: 'METADATA_OPS_ALLOWED_ADDRESSES',
    section,
    default: ['127.0.0.1', '::1'],
    description:
      'Who is shown the details of `/health/detailed`, and in production `/metrics` where there is no `METADATA_OPS_PORT`, without a token: ' +
      'operators, their tools, Prometheus.',
    example: '["10.1.0.0/16"]',
  }),
  operatorToken: optionalSetting(operatorToken(), {
    name: 'METADATA_OPERATOR_TOKEN',
    section,
    absent: 'not set: details by address only, and no `/api/v1/ops`',
    description:
      'Sent as `Authorization: Bearer …`, it opens `/api/v1/ops`, shows the details of `/health/detailed`, and `/metrics`, from any address.',
    example: 'nJ4qUc0pS1vXyZ8wTtL2mRk7dGfHb3aE',
  }),
  incidentDirectory: setting(text('folder'), {
    name: 'METADATA_INCIDENT_DIR',
    section,
    default: '.brownie/incidents',
    description:
      'The folder of the log of incidents that operators keep with `brownie incident`, relative to the working directory.',
    example: '/var/lib/brownie/incidents',
  }),
  prometheusUrl: setting(serviceUrl(), {
    name: 'PROMETHEUS_URL',
    section,
    default: 'http://localhost:9090',
    description:
      'Prometheus, which `brownie incident` and `brownie checklist` ask for what fires. They do without where it does not answer.',
    example: 'https://prometheus.example.com',
  }),
  oncallTelephone: telephoneOf('METADATA_ONCALL_TELEPHONE', 'on-call engineer', '+49 30 901820'),
  seniorTelephone: telephoneOf(
    'METADATA_SENIOR_TELEPHONE',
    'senior engineer, called after 15 minutes',
    '+49 30 901821',
  ),
  managerTelephone: telephoneOf(
    'METADATA_MANAGER_TELEPHONE',
    'engineering manager, called after 30 minutes',
    '+49 30 901822',
  ),
  ctoTelephone: telephoneOf('METADATA_CTO_TELEPHONE', 'CTO, called after 60 minutes', '+49 30 901823'),
  drainSeconds: setting(wholeNumber({ min: 0, max: 600 }), {
    name: 'METADATA_DRAIN_SECONDS',
    section,
    default: 5,
    under: { embedded: 0 },
    description:
      'How long an instance that is told to stop goes on serving while `/health/ready` says 503: longer than ' +
      'the load balancer needs to notice, and than it keeps idle connections.',
    example: '15',
  }),
  stopTimeoutSeconds: setting(wholeNumber({ min: 1, max: 600 }), {
    name: 'METADATA_STOP_TIMEOUT_SECONDS',
    section,
    default: 30,
    description:
      'How long requests under way may take after the drain before they are cut off. An orchestrator must ' +
      'wait longer than both together before it kills.',
    example: '60',
  }),
  startTimeoutSeconds: setting(wholeNumber({ min: 0, max: 86_400 }), {
    name: 'METADATA_START_TIMEOUT_SECONDS',
    section,
    default: 120,
    description:
      'How long a start waits for a database that does not answer yet, or takes no writes; `0` waits without end. A wrong password or ' +
      'a pending migration ends it at once.',
    example: '600',
  }),
};

/** The telephones of the levels, the first first. */
export const telephoneSettings = [
  'oncallTelephone',
  'seniorTelephone',
  'managerTelephone',
  'ctoTelephone',
] as const;

/** Their names. */
export const telephoneNames: readonly string[] = telephoneSettings.map((key) => operationsSettings[key].name);
