import { Counter, Histogram, type Registry } from 'prom-client';
import type { ErrorCode } from '../errors/catalogue.ts';
import { Exemplars } from './exemplars.ts';

/** A served request, as the server saw it. `endpoint` is the template of its route, undefined where there is none. */
export interface ServedRequest {
  readonly method: string;
  readonly endpoint: string | undefined;
  readonly status: number;
  /** The code of the problem document, where the reply was one. */
  readonly errorCode?: ErrorCode | undefined;
  readonly seconds: number;
  /** Whether a proxy sent it that METADATA_TRUSTED_PROXIES lists; undefined where it came without X-Forwarded-For. */
  readonly isFromTrustedProxy?: boolean | undefined;
  /** Of the trace that it is in, where one is kept of it. */
  readonly traceId?: string | undefined;
}

const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** Errors that say that a quota is reached, and which. */
const quotas: Partial<Record<ErrorCode, string>> = {
  'user.organization_limit_reached': 'organizations_of_user',
  'organization.team_limit_reached': 'teams_of_organization',
  'organization.user_limit_reached': 'users_of_organization',
  'organization.api_key_limit_reached': 'api_keys_of_organization',
  'organization.invitation_limit_reached': 'invitations_of_organization',
  'organization.group_mapping_limit_reached': 'group_mappings_of_organization',
  'organization.scim_group_limit_reached': 'directory_groups_of_organization',
  'organization.config_limit_reached': 'configs_of_organization',
  'team.user_limit_reached': 'users_of_team',
  'resource.history_full': 'history_of_resource',
};

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const unmatched = { method: 'OTHER', endpoint: 'unmatched' } as const;

/**
 * The labels of a request. What reached no route, or a route by a method that it does not have, is one endpoint for
 * all: whatever clients send, they make no series.
 */
function labelsOf({ method, endpoint, status }: Pick<ServedRequest, 'method' | 'endpoint' | 'status'>) {
  const known = method === 'HEAD' ? 'GET' : method;
  return endpoint === undefined || status === 405 || !methods.has(known)
    ? unmatched
    : { method: known, endpoint };
}

/** How many requests, and how long they took. Edges at 1 s and 2 s: the thresholds of alerts are edges. */
export function requestMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests by method, route template and status.',
    labelNames: ['method', 'endpoint', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its reply.',
    labelNames: ['method', 'endpoint'],
    buckets: durationBuckets,
    registers,
  });
  const exemplars = new Exemplars('http_request_duration_seconds', durationBuckets);
  const refusals = new Counter({
    name: 'maintenance_refusals_total',
    help: 'Changes that were answered 503 because of maintenance: of http_requests_total, those that are no failure.',
    registers,
  });
  const quotaRefusals = new Counter({
    name: 'quota_refusals_total',
    help: 'Changes that were refused because a quota is reached, by quota.',
    labelNames: ['quota'],
    registers,
  });
  for (const quota of Object.values(quotas)) {
    quotaRefusals.inc({ quota }, 0);
  }
  const forwarded = new Counter({
    name: 'http_requests_forwarded_total',
    help: 'Requests with X-Forwarded-For, by whether METADATA_TRUSTED_PROXIES lists who sent them; of others it is not believed.',
    labelNames: ['proxy'],
    registers,
  });
  for (const proxy of ['trusted', 'unknown']) {
    forwarded.inc({ proxy }, 0);
  }
  const announce = (labels: { method: string; endpoint: string }, statuses: readonly number[]): void => {
    seconds.zero(labels);
    for (const status of statuses) {
      requests.inc({ ...labels, status }, 0);
    }
  };
  announce(unmatched, [400, 404, 405, 414]);

  return {
    exemplars,

    /** Makes the series of a route, at 0, so that no rule misses its first error. */
    announceRoute: (method: string, endpoint: string, status: number): void =>
      announce({ method, endpoint }, [status, 500, 503]),

    requestServed(request: ServedRequest): void {
      const labels = labelsOf(request);
      requests.inc({ ...labels, status: request.status });
      seconds.observe(labels, request.seconds);
      if (request.traceId !== undefined) {
        exemplars.observe(labels, request.seconds, request.traceId);
      }
      if (request.errorCode === 'service.maintenance') {
        refusals.inc();
      }
      const quota = request.errorCode && quotas[request.errorCode];
      if (quota !== undefined) {
        quotaRefusals.inc({ quota });
      }
      if (request.isFromTrustedProxy !== undefined) {
        forwarded.inc({ proxy: request.isFromTrustedProxy ? 'trusted' : 'unknown' });
      }
    },
  };
}
