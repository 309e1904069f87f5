import pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type LogLevel, setLogLevel } from './logger.ts';

let lines: string[];
const destination = { write: (line: string) => lines.push(line) };
const loggerAt = (level: LogLevel) => createLogger({ level, destination });
const logger = loggerAt('DEBUG');
const last = () => JSON.parse(lines.at(-1) ?? '');

beforeEach(() => {
  lines = [];
});

/** An error as the driver throws it, with a neighbour's row in it. */
function uniqueViolation(): pg.DatabaseError {
  const error = new pg.DatabaseError(
    'duplicate key value violates unique constraint "idx_users_email"',
    99,
    'error',
  );
  return Object.assign(error, {
    code: '23505',
    constraint: 'idx_users_email',
    table: 'users',
    detail: 'Key (email)=(canary@example.com) already exists.',
    where: 'canary',
    internalQuery: 'canary',
    parameters: ['canary'],
  });
}

describe('a line', () => {
  test('is one JSON object with timestamp, level, logger and message', () => {
    logger.info('service started\n"now"');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(last()).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      logger: 'brownie',
      message: 'service started\n"now"',
    });
    expect(Math.abs(Date.parse(last().timestamp) - Date.now())).toBeLessThan(5_000);
  });

  test('names another logger once, not beside the default', () => {
    logger
      .child({ request_id: 'r-1' })
      .info({ logger: 'brownie.access', status_code: 200 }, 'request served');
    expect(last()).toMatchObject({ logger: 'brownie.access', request_id: 'r-1', status_code: 200 });
    const names = [...(lines[0] ?? '').matchAll(/"(\w+)":/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  test.each([
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'warning'],
    ['error', 'error'],
    ['fatal', 'critical'],
  ] as const)('of %s has the level %s, as the operations guide greps for it', (method, level) => {
    logger[method]('x');
    expect(last().level).toBe(level);
  });
});

describe('the level of the configuration', () => {
  test.each<[LogLevel, string[]]>([
    ['DEBUG', ['debug', 'info', 'warning', 'error', 'critical']],
    ['INFO', ['info', 'warning', 'error', 'critical']],
    ['WARNING', ['warning', 'error', 'critical']],
    ['ERROR', ['error', 'critical']],
    ['CRITICAL', ['critical']],
  ])('%s writes what is at least that', (level, expected) => {
    const quiet = loggerAt(level);
    for (const method of ['debug', 'info', 'warn', 'error', 'fatal'] as const) {
      quiet[method]('x');
    }
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(expected);
  });
});

test('the level changes while the service runs, for loggers that were made before, too', () => {
  const child = logger.child({ request_id: 'r-1' });
  setLogLevel(logger, 'ERROR');
  child.warn('unheard');
  child.error('heard');
  setLogLevel(logger, 'DEBUG');
  child.debug('heard again');
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['heard', 'heard again']);
});

test('a request or a reply in a line is left out: it holds what clients send', () => {
  logger.info({ req: { url: '/x?token=canary' }, res: { body: 'canary' } }, 'x');
  expect(lines[0]).not.toContain('canary');
});

describe('an error', () => {
  test('is written with type, message, stack and causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    logger.error({ error: new TypeError('outer', { cause }) }, 'request failed');
    expect(last()).toMatchObject({
      message: 'request failed',
      error: {
        type: 'TypeError',
        message: 'outer',
        stack: expect.stringContaining('logger.test.ts'),
        cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
      },
    });
  });

  const ways: readonly [string, (error: Error) => void][] = [
    ['under error', (error) => logger.error({ error }, 'x')],
    ['under err, as Fastify does', (error) => logger.error({ err: error }, 'x')],
    ['alone', (error) => logger.error(error)],
    ['as a cause', (error) => logger.error({ error: new Error('outer', { cause: error }) }, 'x')],
    ['among others', (error) => logger.error({ error: new AggregateError([error]) }, 'x')],
  ];
  test.each(ways)('of the database, given %s, tells its code and constraint and no row', (_, write) => {
    write(uniqueViolation());
    const [line = ''] = lines;
    expect(line).toContain('"code":"23505"');
    expect(line).toContain('"constraint":"idx_users_email"');
    expect(line).toContain('"table":"users"');
    expect(line).not.toContain('canary');
  });

  test('of the database about a value does not quote it, in its message or its stack', () => {
    const error = new pg.DatabaseError('invalid input syntax for type uuid: "canary \n"x"', 99, 'error');
    logger.error({ error: Object.assign(error, { code: '22P02' }) }, 'x');
    expect(last().error.message).toBe('invalid input syntax for type uuid: "…"');
    expect(lines[0]).not.toContain('canary');
  });

  test('of several addresses tells of each', () => {
    const refused = (port: number) => new Error(`connect ECONNREFUSED 127.0.0.1:${port}`);
    logger.error({ error: new AggregateError([refused(1), refused(2)]) }, 'x');
    expect(last().error.errors.map(({ message }: Error) => message)).toEqual([
      'connect ECONNREFUSED 127.0.0.1:1',
      'connect ECONNREFUSED 127.0.0.1:2',
    ]);
  });

  test('that is its own cause is written all the same', () => {
    const error = new Error('circular');
    error.cause = error;
    logger.error({ error }, 'x');
    expect(last().error).toMatchObject({ message: 'circular', cause: { message: 'circular' } });
  });

  test.each(['canary', { secret: 'canary' }, 42, null])(
    'that is no Error, as %j, is told by its type alone',
    (thrown) => {
      logger.error({ error: thrown }, 'x');
      expect(last().error).toEqual({ type: typeof thrown });
    },
  );
});
