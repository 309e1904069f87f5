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
  expect(levelOf(status)).toBe(level);
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
  expect(['/health/ready', '/health', '/healthy'].map((template) => levelOf(503, template))).toEqual([
    'info',
    'info',
    'error',
  ]);
});
