import { STATUS_CODES } from 'node:http';
import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { ApiError, invalid } from './api-error.ts';
import { type ErrorCode, errorCatalogue, isErrorCode } from './catalogue.ts';
import { Problem, toProblem } from './problem.ts';

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe('a problem document', () => {
  test('says what an error is, in the members of RFC 9457 and ours', () => {
    expect(toProblem(new ApiError('team.name_taken'), 'r-1')).toEqual({
      type: 'urn:brownie:problem:team.name_taken',
      title: 'Bad Request',
      status: 400,
      detail: 'A team with this name already exists in the organization',
      code: 'team.name_taken',
      request_id: 'r-1',
    });
  });

  test('names the fields at fault where there are any', () => {
    expect(toProblem(invalid('/title', 'is required'), 'r-2')).toMatchObject({
      status: 422,
      detail: '/title is required',
      errors: [{ pointer: '/title', message: 'is required' }],
    });
  });

  test('never shows the cause', () => {
    const error = new ApiError('service.internal', { cause: new Error('relation "users" does not exist') });
    expect(JSON.stringify(toProblem(error, 'r-3'))).not.toContain('relation');
  });

  test.each(codes)('of %s is what the documents promise', (code) => {
    const validate = new Ajv.Ajv().compile(Problem);
    expect([validate(toProblem(new ApiError(code), 'r-4')), validate.errors]).toEqual([true, null]);
  });
});

describe('an API error', () => {
  test('tells how long to wait, beside its other headers', () => {
    const error = new ApiError('rate.limited', { retryAfterSeconds: 7, headers: { etag: '"1"' } });
    expect(error.headers).toEqual({ etag: '"1"', 'retry-after': '7' });
    expect(new ApiError('rate.limited').headers).toEqual({});
  });

  test('keeps its cause for the log', () => {
    const cause = new Error('connection refused');
    expect(new ApiError('service.unavailable', { cause }).cause).toBe(cause);
  });
});

describe('the catalogue', () => {
  test.each(codes)('%s is dotted, has an HTTP status and a sentence that is finished', (code) => {
    const [status, detail] = errorCatalogue[code];
    expect(code).toMatch(/^[a-z_]+\.[a-z_]+$/);
    expect(STATUS_CODES).toHaveProperty(String(status));
    expect(detail).toMatch(/^[A-Z][^\n]*[a-z)]$|^assigned_to /);
  });

  // Contract v1, "Error codes of these routes".
  test.each([
    [401, ['auth.unauthenticated', 'auth.invalid_credentials']],
    [403, ['auth.forbidden', 'user.field_forbidden']],
    [
      404,
      ['organization', 'team', 'user', 'incident', 'agent_config', 'stats'].map(
        (name) => `${name}.not_found`,
      ),
    ],
    [400, ['user.email_taken', 'user.username_taken', 'organization.name_taken', 'organization.slug_taken']],
    [400, ['team.name_taken', 'agent_config.name_taken', 'team.last_admin', 'user.other_organization']],
    [409, ['organization.team_limit_reached', 'team.user_limit_reached', 'incident.idempotency_conflict']],
    [412, ['precondition.stale']],
    [422, ['request.invalid', 'request.path_mismatch', 'incident.assignee_invalid']],
    [429, ['rate.limited', 'auth.throttled']],
    [501, ['oidc.not_configured']],
    [503, ['service.unavailable', 'service.overloaded', 'service.maintenance']],
  ])('has the %i errors that clients know: %j', (status, names) => {
    for (const name of names) {
      expect(errorCatalogue).toHaveProperty([name, 0], status);
    }
  });

  test('says "already exists" of every duplicate', () => {
    const duplicates = codes.filter((code) => /_taken$|_exists$/.test(code));
    expect(duplicates.length).toBeGreaterThan(6);
    for (const code of duplicates) {
      expect([code, ...errorCatalogue[code]]).toEqual([code, 400, expect.stringContaining('already exists')]);
    }
  });

  test('knows its codes, and nothing that objects are born with', () => {
    expect(codes.every(isErrorCode)).toBe(true);
    expect(['toString', '__proto__', 'team.unknown'].filter(isErrorCode)).toEqual([]);
  });
});
