import { describe, expect, test } from 'vitest';
import type { Route } from '../http/route.ts';
import { exactly, includeDeleted } from '../schemas/common-schemas.ts';
import { errorsOf } from './errors-of.ts';
import { sampleRoutes } from './sample-routes.fixture.ts';

const errors = (operationId: string) =>
  errorsOf(sampleRoutes.find((route) => route.operationId === operationId) as Route);

describe('errorsOf', () => {
  test('who is no member of the organization is forbidden what is below it, and does not find the rest', () => {
    const [sample] = sampleRoutes as readonly [Route];
    const { query: _, ...bare } = { ...sample, permission: 'team:read' as const };
    const isForbidden = (changes: Partial<Route>) =>
      errorsOf({ ...bare, ...changes }).includes('auth.forbidden');
    expect(isForbidden({ url: '/teams/:team_id' })).toBe(false);
    expect(isForbidden({ url: '/organizations/:org_id' })).toBe(false);
    expect(isForbidden({ url: '/organizations/:org_id/teams' })).toBe(true);
    expect(isForbidden({ url: '/users/:user_id', query: exactly({ include_deleted: includeDeleted }) })).toBe(
      true,
    );
    expect(isForbidden({ url: '/teams/:team_id', permission: 'team:update' })).toBe(true);
  });

  test('a public route without input has only what every route has: a query is input that it does not take', () => {
    expect(errors('listRecipes')).toEqual([
      'request.malformed',
      'request.uri_too_long',
      'request.invalid',
      'service.internal',
      'service.unavailable',
    ]);
  });

  test('a route open to anyone signed in is not forbidden to anyone', () => {
    expect(errors('eatBrownie')).toEqual([
      'request.malformed',
      'auth.unauthenticated',
      'auth.person_required',
      'auth.mfa_enrolment_required',
      'request.too_large',
      'request.uri_too_long',
      'request.unsupported_media_type',
      'request.invalid',
      'auth.throttled',
      'service.internal',
      'service.maintenance',
      'service.unavailable',
    ]);
  });

  test('a body can be too large, of another type, or not valid, wanted or not', () => {
    expect(errors('updateBrownie')).toEqual([
      'request.malformed',
      'auth.unauthenticated',
      'auth.forbidden',
      'auth.scope_missing',
      'auth.mfa_enrolment_required',
      'organization.inactive',
      'team.inactive',
      'resource.history_full',
      'precondition.stale',
      'request.too_large',
      'request.uri_too_long',
      'request.unsupported_media_type',
      'request.invalid',
      'request.path_mismatch',
      'auth.throttled',
      'service.internal',
      'service.overloaded',
      'service.maintenance',
      'service.unavailable',
    ]);
  });

  test('an Idempotency-Key can be in use, or stand for something else; declared errors come by status', () => {
    expect(errors('bakeBrownie')).toEqual([
      'request.malformed',
      'team.name_taken',
      'auth.unauthenticated',
      'auth.forbidden',
      'auth.scope_missing',
      'auth.mfa_enrolment_required',
      'organization.inactive',
      'team.inactive',
      'resource.history_full',
      'idempotency.in_progress',
      'request.too_large',
      'request.uri_too_long',
      'request.unsupported_media_type',
      'request.invalid',
      'idempotency.payload_mismatch',
      'auth.throttled',
      'rate.limited',
      'service.internal',
      'service.overloaded',
      'service.maintenance',
      'service.unavailable',
    ]);
  });

  test('what changes nothing goes on during maintenance, and so does the operator', () => {
    const route = sampleRoutes.find(({ operationId }) => operationId === 'bakeBrownie') as Route;
    expect(errorsOf({ ...route, changesNothing: true })).not.toContain('service.maintenance');
    const codes = errorsOf({ ...route, permission: 'operator' });
    expect(codes).toEqual(expect.arrayContaining(['auth.unauthenticated', 'route.not_found']));
    expect(codes).not.toContain('service.maintenance');
    expect(codes).not.toContain('auth.forbidden');
  });

  test('names an error once, also where a route repeats it', () => {
    const [route] = sampleRoutes as readonly [Route];
    const codes = errorsOf({ ...route, errors: ['auth.forbidden', 'request.invalid'] });
    expect(codes).toEqual([...new Set(codes)]);
    expect(codes).toEqual(errorsOf(route));
  });
});
