import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { isPassing, spoilsConnection, translate } from './database-errors.ts';

const databaseError = (code: string, constraint?: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError('duplicate key value: (email)=(ada@example.com)', 1, 'error'), {
    code,
    constraint,
  });
const networkError = (code: string): Error =>
  Object.assign(new Error(`connect ${code} 10.0.0.1:5432`), { code });
const constraints = { teams_name_key: 'team.name_taken' } as const;

describe('what the database refuses', () => {
  test('becomes the error that the feature gives its constraint, without the words of the database', () => {
    const cause = databaseError('23505', 'teams_name_key');
    const error = translate(cause, constraints);
    expect(error).toMatchObject({ code: 'team.name_taken', status: 400, cause });
    expect((error as ApiError).message).not.toContain('ada@example.com');
  });

  test.each(['22003', '22008', '22P02'])('for its value (%s) becomes a 422 without those words', (code) => {
    const error = translate(databaseError(code, 'some_check'), constraints);
    expect(error).toMatchObject({
      code: 'request.invalid',
      message: 'A value is outside what can be stored',
    });
  });

  test.each([
    ['a constraint that no feature knows', databaseError('23505', 'unknown_key')],
    ['a CHECK that no feature knows', databaseError('23514', 'incidents_version_check')],
    ['a syntax error', databaseError('42601')],
    ['a refused permission', databaseError('42501')],
    ['an error of our own code', new TypeError('x is not a function')],
    ['what is no error', 'thrown text'],
  ])('as %s comes back as it was, to end as a 500', (_, error) => {
    expect(translate(error, constraints)).toBe(error);
  });
});

describe('what passes', () => {
  const passing = [
    ...[
      '08006',
      '53300',
      '53100',
      '57014',
      '57P01',
      '57P03',
      '25006',
      '25P03',
      '40001',
      '40P01',
      '55P03',
      '0A000',
      '26000',
    ].map((code) => databaseError(code)),
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EHOSTUNREACH', 'EPIPE'].map(networkError),
    new Error('timeout exceeded when trying to connect'),
    new Error('Connection terminated unexpectedly'),
    new Error('Query read timeout'),
  ];

  test.each(passing)('is answered 503 with Retry-After: %s', (error) => {
    expect(isPassing(error)).toBe(true);
    expect(translate(error, constraints)).toMatchObject({
      code: 'service.unavailable',
      status: 503,
      headers: { 'retry-after': '1' },
      cause: error,
    });
  });

  test('is never an error that was translated already', () => {
    const error = new ApiError('rate.limited', { detail: 'timeout' });
    expect(translate(error, constraints)).toBe(error);
  });

  test.each([databaseError('23505'), databaseError('42P01'), new Error('no row where one must be'), null])(
    'is not a fault of the request or of ours: %s',
    (error) => expect(isPassing(error)).toBe(false),
  );
});

describe('a connection', () => {
  test.each([
    databaseError('23505'),
    databaseError('57014'),
    databaseError('40P01'),
    new ApiError('team.not_found'),
  ])('is used again after %s', (error) => expect(spoilsConnection(error)).toBe(false));

  test.each([
    databaseError('08006'),
    databaseError('57P01'),
    databaseError('25006'),
    databaseError('0A000'),
    new Error('Query read timeout'),
  ])('is closed after %s', (error) => expect(spoilsConnection(error)).toBe(true));
});
