import { describe, expect, test } from 'vitest';
import type { DependencyState, DependencyStatus } from './dependency-monitor.ts';
import { detailedDocument } from './health-details.ts';
import { healthDocument, httpStatusOf, ietfDocument, statusOf } from './health-documents.ts';

const checkedAt = new Date('2025-10-24T03:59:59.900Z');
const is = (status: DependencyStatus): DependencyState => ({
  status,
  fault: status === 'healthy' ? null : 'no_answer',
  latencyMs: 1.25,
  checkedAt,
});
const inputs = (database: DependencyStatus, redis?: DependencyStatus) => ({
  version: '1.0.0',
  now: new Date('2025-10-24T04:00:00.987Z'),
  database: is(database),
  redis: redis && is(redis),
});

describe('the health document', () => {
  test('is the one of the operations guide, with the top-level database of v1', () => {
    expect(healthDocument(inputs('healthy', 'healthy'))).toEqual({
      status: 'healthy',
      timestamp: '2025-10-24T04:00:00Z',
      version: '1.0.0',
      database: 'healthy',
      dependencies: { database: 'healthy', redis: 'healthy' },
    });
  });

  test('tells of a Redis that is not configured', () => {
    expect(healthDocument(inputs('healthy')).dependencies).toEqual({
      database: 'healthy',
      redis: 'disabled',
    });
  });

  test('tells which dependency is gone', () => {
    expect(healthDocument(inputs('unhealthy', 'healthy'))).toMatchObject({
      status: 'unhealthy',
      database: 'unhealthy',
      dependencies: { database: 'unhealthy', redis: 'healthy' },
    });
  });
});

describe('the status', () => {
  test.each<[DependencyStatus, DependencyStatus | undefined, string, number]>([
    ['healthy', undefined, 'healthy', 200],
    ['healthy', 'healthy', 'healthy', 200],
    ['healthy', 'unhealthy', 'degraded', 200],
    ['unhealthy', 'healthy', 'unhealthy', 503],
    ['unhealthy', 'unhealthy', 'unhealthy', 503],
    ['unhealthy', undefined, 'unhealthy', 503],
  ])('with the database %s and Redis %s is %s: %d', (database, redis, expected, code) => {
    const status = statusOf(inputs(database, redis));
    expect([status, httpStatusOf(status)]).toEqual([expected, code]);
  });
});

describe('application/health+json', () => {
  test('says the same in the words of the draft', () => {
    expect(ietfDocument(inputs('healthy', 'unhealthy'))).toEqual({
      status: 'warn',
      version: '1',
      releaseId: '1.0.0',
      serviceId: 'brownie-metadata-api',
      checks: {
        'postgres:responseTime': [
          {
            componentType: 'datastore',
            observedValue: 1.25,
            observedUnit: 'ms',
            status: 'pass',
            time: '2025-10-24T03:59:59.900Z',
          },
        ],
        'redis:responseTime': [expect.objectContaining({ status: 'fail' })],
      },
    });
    expect(ietfDocument(inputs('unhealthy'))).toMatchObject({ status: 'fail' });
    expect(ietfDocument(inputs('healthy'))).toMatchObject({ status: 'pass' });
  });
});

describe('the details for operators', () => {
  test('add the pool, the migrations and the days that certificates have left', () => {
    const day = 86_400_000;
    const { now } = inputs('healthy');
    const document = detailedDocument({
      ...inputs('healthy', 'unhealthy'),
      pool: { active: () => 4, idle: () => 3, waiting: () => 2, max: 50 },
      replicas: [
        { number: 1, fault: null, lagSeconds: 0.0123 },
        { number: 2, fault: 'no_answer', lagSeconds: null },
      ],
      migrations: { latest: '0006', pending: 0 },
      certificates: [
        { name: 'client', notBefore: new Date(0), notAfter: new Date(now.getTime() + 30.5 * day) },
        { name: 'ca', notBefore: new Date(0), notAfter: new Date(now.getTime() - 0.5 * day) },
      ],
      startedAt: new Date(now.getTime() - 61_000),
      maintenance: {
        message: 'The database moves',
        until: null,
        startedAt: '2025-10-24T03:00:00.000Z',
        startedBy: 'ada@db1',
        secondsLeft: null,
      },
      cache: { users: 3, isTrusted: false },
    });
    expect(document).toMatchObject({
      ...healthDocument(inputs('healthy', 'unhealthy')),
      details: {
        database: {
          status: 'healthy',
          fault: null,
          latency_ms: 1.25,
          checked_at: '2025-10-24T03:59:59.900Z',
          pool: { active: 4, idle: 3, waiting: 2, max: 50 },
          replicas: [
            { number: 1, status: 'healthy', fault: null, lag_seconds: 0.012 },
            { number: 2, status: 'unhealthy', fault: 'no_answer', lag_seconds: null },
          ],
          migrations: { latest: '0006', pending: 0 },
        },
        redis: { status: 'unhealthy' },
        cache: { status: 'untrusted', users: 3 },
        certificates: [
          { name: 'client', days_remaining: 30 },
          { name: 'ca', days_remaining: -1 },
        ],
        maintenance: {
          is_on: true,
          message: 'The database moves',
          until: null,
          started_at: '2025-10-24T03:00:00.000Z',
          started_by: 'ada@db1',
        },
        process: { uptime_seconds: 61, memory_bytes: expect.any(Number) },
      },
    });
  });
});
