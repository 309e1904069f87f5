import { expect, test } from 'vitest';
import { levelOf, writeAccessLine } from './access-line.ts';
import { createLogger } from './logger.ts';

test.each([
  [200, 'info'],
  [304, 'info'],
  [401, 'info'],
  [404, 'info'],
  [422, 'info'],
  [429, 'warn'],
  [499, 'warn'],
  [500, 'error'],
  [501, 'info'],
  [503, 'error'],
])('a %d is worth %s', (status, level) => {
  expect(levelOf({ status, template: '/api/v1/teams' })).toBe(level);
});

test('what is refused on purpose is no error: changes in maintenance, and what comes while the service closes', () => {
  expect(levelOf({ status: 503, template: '/api/v1/teams', errorCode: 'service.maintenance' })).toBe('warn');
  expect(levelOf({ status: 503, template: '/api/v1/auth/login', errorCode: 'service.overloaded' })).toBe(
    'warn',
  );
  expect(levelOf({ status: 503, template: '/api/v1/teams', errorCode: 'service.unavailable' })).toBe('error');
  expect(levelOf({ status: 503 })).toBe('warn');
  expect(levelOf({ status: 500 })).toBe('error');
});

test('a method that clients made up is OTHER, and a path is never told', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'INFO', destination: { write: (line) => lines.push(line) } });
  writeAccessLine(logger, { method: 'CANARY', status: 404, durationMs: 1.23456 });
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    timestamp: expect.any(String),
    level: 'info',
    logger: 'brownie.access',
    message: 'request served',
    endpoint: 'unmatched',
    method: 'OTHER',
    status_code: 404,
    duration_ms: 1.235,
  });
});

test('a probe that says no is no error', () => {
  expect(
    ['/health/ready', '/health', '/healthy'].map((template) => levelOf({ status: 503, template })),
  ).toEqual(['info', 'info', 'error']);
});
