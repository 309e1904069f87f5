import { expect, test } from 'vitest';
import { judgeErrors } from './items-logs.ts';
import { logLine } from './read-log.ts';

const file = { kind: 'file', path: 'service.log' } as const;
const lines = (...all: readonly object[]) =>
  all.map((fields) => {
    const line = logLine(JSON.stringify({ timestamp: '2026-11-25T14:00:00Z', message: 'm', ...fields }));
    if (line === undefined) {
      throw new Error('it is a line of a log');
    }
    return line;
  });
const failed = {
  level: 'error',
  message: 'request served',
  method: 'GET',
  endpoint: '/api/v1/teams',
  status_code: 500,
  error_code: 'service.internal',
};
const refused = {
  level: 'warning',
  message: 'request served',
  method: 'POST',
  endpoint: '/api/v1/teams',
  status_code: 503,
  error_code: 'service.maintenance',
};

test('errors are grouped by method, endpoint and status, others by what they say', () => {
  const verdict = judgeErrors(
    lines(failed, { ...failed, status_code: 503, error_code: 'service.unavailable' }, failed, {
      level: 'critical',
      message: 'nobody catches me',
    }),
    file,
  );
  expect(verdict).toEqual({
    result: 'fail',
    evidence: [
      '4 errors in 4 lines of the last 24 hours',
      '2 x GET /api/v1/teams 500 service.internal',
      '1 x GET /api/v1/teams 503 service.unavailable',
      '1 x nobody catches me',
    ],
    command: `jq -cR 'fromjson? | objects | select(.level == "error" or .level == "critical")' service.log | tail -n 20`,
    runbook: null,
  });
});

test('one is one', () => {
  expect(judgeErrors(lines(failed), file).evidence[0]).toBe('1 error in 1 line of the last 24 hours');
});

test('what maintenance refused is told, and is no error', () => {
  expect(judgeErrors(lines(refused, refused), file)).toMatchObject({
    result: 'pass',
    evidence: [
      'no error in 2 lines of the last 24 hours',
      '2 changes refused because of maintenance: no errors',
    ],
  });
});
