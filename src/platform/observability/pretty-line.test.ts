import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { prettyLine } from './pretty-line.ts';

const plain = (text: string): string => text;

/** A line as the logger writes it, as a terminal shows it. */
function shown(fields: object, message: string): string {
  let line = '';
  createLogger({ level: 'INFO', destination: { write: (text) => (line = text) } }).info(fields, message);
  return prettyLine(JSON.parse(line), plain);
}

test('the message comes first, then the fields as they were logged, ids last', () => {
  const fields = {
    logger: 'brownie.access',
    request_id: 'r1',
    method: 'GET',
    endpoint: '/api/v1/teams/:team_id',
    status_code: 200,
  };
  expect(shown(fields, 'request served')).toBe(
    'request served method=GET endpoint=/api/v1/teams/:team_id status_code=200 request_id=r1',
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
