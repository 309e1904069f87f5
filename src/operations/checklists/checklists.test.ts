import { expect, test } from 'vitest';
import { checklists } from './checklists.ts';
import { fromDiagnoses } from './from-doctor.ts';
import { commonest } from './items-logs.ts';
import { perMinute, readMetrics } from './metrics.ts';
import { logLine } from './read-log.ts';

test('they hold what the operations guide asks for, in its words', () => {
  const titles = Object.entries(checklists).map(([name, items]) => [name, items.map(({ title }) => title)]);
  expect(titles).toEqual([
    [
      'daily',
      [
        'Check health endpoints',
        'Review error logs',
        'Monitor metrics dashboard',
        'Check certificate expiration',
      ],
    ],
    [
      'weekly',
      [
        'Review performance metrics',
        'Check database disk usage',
        'Review security logs',
        'Update dependencies',
      ],
    ],
    [
      'monthly',
      [
        'Rotate JWT secrets',
        'Update certificates',
        'Review and optimize queries',
        'Security audit',
        'Exercise the procedures',
      ],
    ],
  ]);
});

const diagnosis = {
  runbook: 'docs/x.md',
  evidence: [],
  remedy: null,
  about: 'state',
  check: 'disk.space',
} as const;

test.each([
  [[{ ...diagnosis, severity: 'ok', finding: 'fine' }], 'pass'],
  [
    [
      { ...diagnosis, severity: 'ok', finding: 'fine' },
      { ...diagnosis, severity: 'warning', finding: 'w' },
    ],
    'fail',
  ],
  [
    [
      { ...diagnosis, severity: 'unknown', finding: 'away' },
      { ...diagnosis, severity: 'ok', finding: 'fine' },
    ],
    'needs-a-person',
  ],
  [[], 'needs-a-person'],
] as const)('what doctor found decides: %#', (diagnoses, result) => {
  expect(fromDiagnoses(diagnoses).result).toBe(result);
});

test('lines of the log are read, whatever stands between them', () => {
  expect(logLine('redis: ready')).toBeUndefined();
  expect(logLine('"text"')).toBeUndefined();
  expect(
    logLine(
      '{"timestamp":"2026-11-25T14:00:00Z","level":"warning","message":"request","status_code":401,"client_address":"10.0.0.1"}',
    ),
  ).toEqual({
    level: 'warning',
    message: 'request',
    at: new Date('2026-11-25T14:00:00Z'),
    status: 401,
    method: undefined,
    endpoint: undefined,
    errorCode: undefined,
    address: '10.0.0.1',
  });
});

test('the commonest come first', () => {
  expect(commonest(['a', 'b', 'b', 'c', 'b', 'c'], 2)).toEqual(['3 x b', '2 x c', 'and 1 other']);
});

test('the busiest ten minutes decide how many there are a minute', () => {
  const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 25, 14, minutes));
  expect(perMinute([])).toBe(0);
  expect(perMinute([...Array.from({ length: 50 }, () => at(5)), at(45)])).toBe(5);
});

test('metrics of an instance: probes and what is refused on purpose are left out, rates are of its whole life', () => {
  const series = (endpoint: string, status: string, value: number) => ({
    name: 'http_requests_total',
    labels: { endpoint, status, method: 'GET' },
    value,
  });
  const metrics = readMetrics(
    'http://127.0.0.1:1',
    [
      { name: 'process_start_time_seconds', labels: {}, value: 1_000 },
      series('/health', '503', 500),
      series('/api/v1/teams', '200', 90),
      series('/api/v1/teams', '500', 10),
      series('/api/v1/teams', '503', 7),
      series('/api/v1/auth/oidc/login', '501', 3),
      { name: 'maintenance_refusals_total', labels: {}, value: 6 },
      { name: 'authentication_failures_total', labels: { reason: 'invalid_token' }, value: 40 },
      { name: 'authentication_failures_total', labels: { reason: 'missing_token' }, value: 0 },
      { name: 'database_connections_active', labels: {}, value: 45 },
      { name: 'database_connections_max', labels: {}, value: 50 },
    ],
    1_600,
  );
  expect(metrics).toMatchObject({
    uptimeMinutes: 10,
    requests: 110,
    errors: 11,
    refused: 6,
    poolShare: 0.9,
    failuresPerMinute: 4,
    failuresByReason: ['invalid_token: 40'],
    p95: undefined,
  });
});
