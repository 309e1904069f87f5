import { describe, expect, test } from 'vitest';
import { type AccessLine, writeAccessLine } from './access-line.ts';
import { createLogger } from './logger.ts';
import { type Paint, prettyLine } from './pretty-line.ts';
import { prettyLines } from './pretty-log.ts';

const plain: Paint = (_style, text) => text;
const named: Paint = (style, text) => `<${style}>${text}</>`;

/** What the logger writes, as a terminal shows it. */
function terminal(paint: Paint) {
  const lines: string[] = [];
  const destination = prettyLines({ write: (text) => lines.push(text.replace(/\n$/, '')) }, paint);
  return { lines, logger: createLogger({ level: 'DEBUG', destination }) };
}

/** The same, of one line, behind date and level. */
function shown(fields: object, message: string): string {
  const { lines, logger } = terminal(plain);
  logger.info(fields, message);
  return (lines[0] ?? '').replace(/^\S+ \S+ INFO: /, '');
}

test('each level has its word of the operations guide and its color, behind date and local time', () => {
  const { lines, logger } = terminal(named);
  for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) {
    logger[level]('x');
  }
  expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /, ''))).toEqual([
    '<gray>DEBUG</>: x',
    '<green>INFO</>: x',
    '<yellow>WARNING</>: x',
    '<red>ERROR</>: x',
    '<bgRed>CRITICAL</>: x',
  ]);
});

test('the time is that of the machine', () => {
  const time = new Date(2026, 10, 25, 18, 1, 33, 436);
  const line = { timestamp: time.toISOString(), level: 'info', message: 'x' };
  expect(prettyLine(line, plain)).toBe('2026-11-25 18:01:33.436 INFO: x');
});

describe('a request', () => {
  const request = {
    method: 'GET',
    template: '/api/v1/agent-configs/:config_id/versions/:version',
    status: 503,
    errorCode: 'service.unavailable',
    durationMs: 345.678,
    userId: '0199f3c2-0000-7000-8000-000000000000',
    clientAddress: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  } as const;
  const line = (request: AccessLine, requestId: string): string => {
    const { lines, logger } = terminal(plain);
    writeAccessLine(logger.child({ request_id: requestId, trace_id: 'f'.repeat(32) }), request);
    return lines[0] ?? '';
  };

  test('says in a line what was asked and answered, and as many ids as fit 120 columns', () => {
    const short = { ...request, template: '/api/v1/auth/me', status: 401, errorCode: undefined };
    expect(line(short, '0199f3c2-0000-7000-8000-000000000000').slice(24)).toBe(
      'INFO: GET /api/v1/auth/me 401 345.7 ms 0199f3c2-0000-7000-8000-000000000000',
    );
    expect(line(request, 'r1').slice(24)).toBe(
      'ERROR: GET /api/v1/agent-configs/:config_id/versions/:version 503 345.7 ms service.unavailable',
    );
    expect(line({ ...request, status: 499, errorCode: undefined }, 'r1')).toContain('aborted by the client');
  });
});

test('the message comes first, then the fields as they were logged, ids last', () => {
  const fields = {
    logger: 'brownie.oidc',
    request_id: 'r1',
    method: 'GET',
    endpoint: '/api/v1/teams/:team_id',
    status_code: 200,
  };
  expect(shown(fields, 'asked')).toBe(
    'asked method=GET endpoint=/api/v1/teams/:team_id status_code=200 request_id=r1',
  );
  expect(shown({}, 'service started')).toBe('service started');
});

test('what is no single word is JSON, on the same line', () => {
  const changed = [{ name: 'METADATA_LOG_LEVEL', from: 'INFO' }];
  expect(shown({ sql: 'select 1,\n "a"', none: null, changed }, 'x')).toBe(
    'x sql="select 1,\\n \\"a\\"" none=null changed=[{"name":"METADATA_LOG_LEVEL","from":"INFO"}]',
  );
});

test('an error follows on lines of its own, with its code and its cause', () => {
  const cause = Object.assign(new Error('permission denied'), { code: '42501' });
  const lines = shown({ error: new TypeError('it failed', { cause }), request_id: 'r1' }, 'no').split('\n');
  expect(lines[0]).toBe('no request_id=r1');
  expect(lines[1]).toBe('    TypeError: it failed');
  expect(lines[2]).toMatch(/^ {8}at /);
  const at = lines.indexOf('    caused by: Error: permission denied');
  expect(at).toBeGreaterThan(2);
  expect(lines.at(-1)).toBe('      code=42501');
  expect(shown({ err: 'a word' }, 'thrown')).toBe('thrown\n    string');
});

test('several errors in one are told one by one', () => {
  const error = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], 'no address');
  const lines = shown({ error }, 'connection failed').split('\n');
  expect(lines.filter((line) => !/^ +at /.test(line))).toEqual([
    'connection failed',
    '    AggregateError: no address',
    '    one of it: Error: ::1 refused',
    '    one of it: Error: 127.0.0.1 refused',
  ]);
});

test('nothing that comes from outside steers the terminal', () => {
  expect(shown({ endpoint: '\u001b[2Jx', user: 'a\u009bb c' }, 'gone\u001b]0;title\u0007')).toBe(
    'gone]0;title endpoint=[2Jx user="ab c"',
  );
});
