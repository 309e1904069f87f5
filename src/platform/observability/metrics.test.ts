import { beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, errorCatalogue } from '../errors/catalogue.ts';
import { createMetrics, type Metrics } from './metrics.ts';

let metrics: Metrics;
let active: number;

beforeEach(() => {
  active = 0;
  metrics = createMetrics({
    version: '1.2.3',
    pool: { active: () => active, idle: () => 2, waiting: () => 3, max: 50 },
  });
});

/** What Prometheus would scrape: each series and its value, the histogram's buckets left out. */
async function scrape(): Promise<Map<string, number>> {
  const text = await metrics.registry.metrics();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket{'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}
const seriesOf = (scraped: Map<string, number>, name: string) =>
  [...scraped.keys()].filter((series) => series.startsWith(name));

describe('from the first scrape on', () => {
  test('what counts failures is there, at 0', async () => {
    const scraped = await scrape();
    for (const series of [
      'jwt_tokens_issued_total',
      'authentication_failures_total{reason="missing_token"}',
      'authentication_failures_total{reason="invalid_token"}',
      'authentication_failures_total{reason="inactive_user"}',
      'authentication_failures_total{reason="sso_rejected"}',
      'authentication_failures_total{reason="sso_unknown_user"}',
      'authentication_failures_total{reason="wrong_credentials"}',
      'http_requests_total{method="OTHER",endpoint="unmatched",status="404"}',
      'http_request_duration_seconds_count{method="OTHER",endpoint="unmatched"}',
      'db_pool_timeouts_total',
      'database_connections_active',
      'draining',
      'maintenance_mode',
      'maintenance_started_timestamp_seconds',
      'maintenance_until_timestamp_seconds',
    ]) {
      expect([series, scraped.get(series)]).toEqual([series, 0]);
    }
  });

  test('a route that was announced has its success and its 5xx at 0', async () => {
    metrics.announceRoute('POST', '/api/v1/teams/:team_id/incidents', 200);
    const scraped = await scrape();
    for (const status of [200, 500, 503]) {
      const labels = `method="POST",endpoint="/api/v1/teams/:team_id/incidents",status="${status}"`;
      expect(scraped.get(`http_requests_total{${labels}}`)).toBe(0);
    }
    expect(
      scraped.get(
        'http_request_duration_seconds_count{method="POST",endpoint="/api/v1/teams/:team_id/incidents"}',
      ),
    ).toBe(0);
  });

  test('what runs here is told', async () => {
    expect((await scrape()).get(`build_info{version="1.2.3",node_version="${process.versions.node}"}`)).toBe(
      1,
    );
  });
});

describe('the pool', () => {
  test('is read at each scrape', async () => {
    expect((await scrape()).get('database_connections_active')).toBe(0);
    active = 7;
    const scraped = await scrape();
    expect(scraped.get('database_connections_active')).toBe(7);
    expect(scraped.get('database_connections_max')).toBe(50);
    expect([scraped.get('db_pool_idle'), scraped.get('db_pool_waiting')]).toEqual([2, 3]);
  });
});

describe('requests', () => {
  const served = (fields: object) =>
    metrics.requestServed({ method: 'GET', endpoint: '/health', status: 200, seconds: 0.02, ...fields });

  test('are counted and timed by method, template and status', async () => {
    served({});
    served({ seconds: 0.5 });
    served({ status: 503 });
    const scraped = await scrape();
    expect(scraped.get('http_requests_total{method="GET",endpoint="/health",status="200"}')).toBe(2);
    expect(scraped.get('http_requests_total{method="GET",endpoint="/health",status="503"}')).toBe(1);
    expect(scraped.get('http_request_duration_seconds_count{method="GET",endpoint="/health"}')).toBe(3);
    expect(scraped.get('http_request_duration_seconds_sum{method="GET",endpoint="/health"}')).toBeCloseTo(
      0.54,
    );
  });

  test('that a quota refuses are counted a second time, whichever it is', async () => {
    const ofQuotas = Object.keys(errorCatalogue).filter((code) => /limit_reached$|history_full$/.test(code));
    for (const errorCode of ofQuotas as ErrorCode[]) {
      served({ status: 409, errorCode });
    }
    const scraped = await scrape();
    const refusals = seriesOf(scraped, 'quota_refusals_total').map((series) => scraped.get(series));
    expect(refusals).toEqual(ofQuotas.map(() => 1));
  });

  test('that maintenance refuses are counted a second time, so that they can be told from failures', async () => {
    expect((await scrape()).get('maintenance_refusals_total')).toBe(0);
    served({ status: 503, errorCode: 'service.maintenance' });
    served({ status: 503, errorCode: 'service.unavailable' });
    expect((await scrape()).get('maintenance_refusals_total')).toBe(1);
  });

  test('have edges where the thresholds of alerts are', async () => {
    served({ seconds: 1 });
    served({ seconds: 2 });
    const text = await metrics.registry.metrics();
    const within = (le: string) =>
      new RegExp(`_bucket{le="${le}",method="GET",endpoint="/health"} (\\d+)`).exec(text)?.[1];
    expect([within('0.5'), within('1'), within('2'), within('\\+Inf')]).toEqual(['0', '1', '2', '2']);
  });

  test.each([
    ['of HEAD as of GET', { method: 'HEAD' }, 'method="GET",endpoint="/health",status="200"'],
    [
      'without a route',
      { endpoint: undefined, status: 404 },
      'method="OTHER",endpoint="unmatched",status="404"',
    ],
    [
      'of a method that the path does not have',
      { status: 405 },
      'method="OTHER",endpoint="unmatched",status="405"',
    ],
    [
      'of an invented method',
      { method: 'BREW', status: 404 },
      'method="OTHER",endpoint="unmatched",status="404"',
    ],
  ])('%s count there', async (_, fields, labels) => {
    served(fields);
    expect((await scrape()).get(`http_requests_total{${labels}}`)).toBe(1);
  });

  test('make no series, whatever clients send', async () => {
    served({});
    const before = seriesOf(await scrape(), 'http_').length;
    for (let n = 0; n < 100; n += 1) {
      served({ method: `M${n}`, endpoint: undefined, status: 404 });
    }
    expect(seriesOf(await scrape(), 'http_')).toHaveLength(before);
  });
});

describe('authentication', () => {
  test('counts failures by reason, and tokens', async () => {
    metrics.authenticationFailed('invalid_token');
    metrics.authenticationFailed('invalid_token');
    metrics.tokenIssued();
    const scraped = await scrape();
    expect(scraped.get('authentication_failures_total{reason="invalid_token"}')).toBe(2);
    expect(scraped.get('authentication_failures_total{reason="wrong_credentials"}')).toBe(0);
    expect(scraped.get('jwt_tokens_issued_total')).toBe(1);
  });
});

describe('maintenance', () => {
  test('is told with its beginning and its end, and is 0 again when it is over', async () => {
    const told = async () => {
      const scraped = await scrape();
      return [
        'maintenance_mode',
        'maintenance_started_timestamp_seconds',
        'maintenance_until_timestamp_seconds',
      ].map((name) => scraped.get(name));
    };
    const startedAt = '2026-03-01T04:00:00.000Z';
    metrics.maintenanceChanged({ startedAt, until: '2026-03-01T04:30:00.000Z' });
    expect(await told()).toEqual([1, 1_772_337_600, 1_772_339_400]);
    metrics.maintenanceChanged({ startedAt, until: null });
    expect(await told()).toEqual([1, 1_772_337_600, 0]);
    metrics.maintenanceChanged(undefined);
    expect(await told()).toEqual([0, 0, 0]);
  });
});

describe('registries', () => {
  test('are their own: two in one process do not meet', async () => {
    const other = createMetrics({
      version: '1',
      pool: { active: () => 0, idle: () => 0, waiting: () => 0, max: 1 },
    });
    metrics.tokenIssued();
    expect(await other.registry.getSingleMetricAsString('jwt_tokens_issued_total')).toContain(
      'jwt_tokens_issued_total 0',
    );
  });
});
