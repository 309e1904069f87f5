import { Type } from 'typebox';
import type { Endpoint } from '../../platform/documents/index.ts';
import { annotated, exactly, JsonObject, oneOf, Timestamp } from '../../platform/schemas/common-schemas.ts';
import { Phase } from './operator-schemas.ts';

const DependencyStatus = oneOf(['healthy', 'unhealthy'], {
  title: 'Dependency Status',
  description: 'Whether what was asked for is as it should be.',
});

const Health = exactly(
  {
    status: oneOf(['healthy', 'degraded', 'unhealthy'], {
      title: 'Health Status',
      description: 'Unhealthy without a database that takes writes, degraded where only Redis is gone.',
    }),
    timestamp: annotated(Timestamp, {
      description: 'When this was said, in UTC, to the second.',
      examples: ['2025-10-24T04:00:00Z'],
    }),
    version: Type.String({ description: 'The version of the service.', examples: ['1.4.0'] }),
    database: annotated(DependencyStatus, { description: 'The same as `dependencies.database`.' }),
    dependencies: exactly(
      {
        database: annotated(DependencyStatus, {
          description: 'Whether the database answers, and takes writes.',
        }),
        redis: oneOf(['healthy', 'unhealthy', 'disabled'], {
          title: 'Redis Status',
          description: 'Whether Redis answers; `disabled` where the service uses none.',
          examples: ['disabled'],
        }),
      },
      { description: 'What the service depends on.' },
    ),
    details: Type.Optional(
      annotated(JsonObject, {
        description: 'What operators want to see besides: for them, and at `/health/detailed` only.',
      }),
    ),
  },
  { title: 'Health', description: 'How the service and what it depends on are.' },
);

const IetfHealth = Type.Object(
  {
    status: oneOf(['pass', 'warn', 'fail'], {
      title: 'IETF Health Status',
      description: 'As `status` of the other form: healthy, degraded, unhealthy.',
    }),
  },
  {
    additionalProperties: true,
    title: 'IETF Health',
    description: 'The same in the form of draft-inadarei-api-health-check-06, for who accepts it.',
  },
);

const Probe = exactly(
  { status: annotated(DependencyStatus, { description: 'Whether it is so.' }), phase: Phase },
  { title: 'Probe', description: 'The answer to a probe.' },
);

const OpenMetrics = Type.String({
  description: 'OpenMetrics 1.0, for whoever prefers it by Accept: the same series, with exemplars.',
  examples: ['# TYPE http_requests counter\nhttp_requests_total 1\n# EOF\n'],
});

const Metrics = Type.String({
  description: 'The text format of Prometheus, 0.0.4.',
  examples: ['# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds 1761278400\n'],
});

const health = { 'application/json': Health, 'application/health+json': IetfHealth };
const probe = { 'application/json': Probe };
const healthReplies = { 200: ['Healthy or degraded.', health], 503: ['Unhealthy.', health] } as const;
const probeReplies = { 200: ['It is so.', probe], 503: ['It is not.', probe] } as const;

const common = { tag: 'Service', errors: ['request.malformed', 'request.uri_too_long'] } as const;
// @NOTE while it starts, the service answers its probes alone.
const served = {
  ...common,
  errors: [...common.errors, 'service.internal', 'service.unavailable'],
} as const;

/** What `serveProbes` and `serveOperations` serve, described. */
export const describedEndpoints: readonly Endpoint[] = [
  {
    ...common,
    path: '/health',
    operationId: 'getHealth',
    summary: 'Whether the service and what it depends on are healthy',
    description: 'For load balancers and people. Degraded still counts as healthy.',
    replies: healthReplies,
  },
  {
    ...served,
    path: '/health/detailed',
    operationId: 'getDetailedHealth',
    summary: 'The same, with details for operators',
    description:
      'Details are shown to who has `METADATA_OPERATOR_TOKEN`, or asks from an address that the operator named. On the operators’ port where there is one.',
    replies: healthReplies,
  },
  {
    ...common,
    path: '/health/live',
    operationId: 'getLiveness',
    summary: 'Whether the process answers',
    description: 'For orchestrators, which restart what does not. Asks no dependency.',
    replies: { 200: ['It is so.', probe] },
  },
  {
    ...common,
    path: '/health/ready',
    operationId: 'getReadiness',
    summary: 'Whether this instance takes requests',
    description: 'For load balancers, which leave out what does not. Asks no dependency.',
    replies: probeReplies,
  },
  {
    ...common,
    path: '/health/startup',
    operationId: 'getStartup',
    summary: 'Whether this instance has started',
    description: 'For orchestrators, which wait for it.',
    replies: probeReplies,
  },
  {
    ...served,
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    description: 'On the operators’ port where there is one.',
    replies: {
      200: [
        'The metrics as they are now.',
        { 'text/plain': Metrics, 'application/openmetrics-text': OpenMetrics },
      ],
    },
  },
];
