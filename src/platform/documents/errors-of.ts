import { isForLackOfFactor, type Permission, permissions } from '../auth/permissions.ts';
import { keyRequirements } from '../auth/scopes.ts';
import { type ErrorCode, errorCatalogue } from '../errors/catalogue.ts';
import { isChange, type Route } from '../http/route.ts';

/**
 * Every error that a route can give: those that follow from its declaration, and those that it names. Each once,
 * by HTTP status.
 */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>([
    'request.malformed',
    'request.uri_too_long',
    ...whoMayCall(route),
    ...whatIsSent(route),
    ...(route.idempotent
      ? (['idempotency.in_progress', 'idempotency.payload_mismatch'] satisfies ErrorCode[])
      : []),
    ...(route.ifMatch ? (['precondition.stale'] satisfies ErrorCode[]) : []),
    ...(isChange(route) ? (['service.maintenance'] satisfies ErrorCode[]) : []),
    ...(isOfATenant(route) ? (['organization.inactive', 'team.inactive'] satisfies ErrorCode[]) : []),
    ...(isList(route) ? (['rate.limited', 'service.overloaded'] satisfies ErrorCode[]) : []),
    ...(route.errors ?? []),
    'service.internal',
    'service.unavailable',
  ]);
  return [...codes].toSorted((one, other) => errorCatalogue[one][0] - errorCatalogue[other][0]);
}

/** Whether it pages, and may take its time: see platform/database/shares.ts. */
const isList = ({ method, query }: Route): boolean =>
  method === 'GET' && 'cursor' in (((query ?? {}) as { properties?: object }).properties ?? {});

/** Whether it changes what belongs to an organization. */
const isOfATenant = (route: Route): boolean =>
  isChange(route) &&
  route.permission !== 'public' &&
  permissions[route.permission as Permission] !== 'anyone signed in';

function whoMayCall(route: Route): readonly ErrorCode[] {
  const { permission } = route;
  if (permission === 'public') {
    return [];
  }
  if (permission === 'operator') {
    return ['auth.unauthenticated', 'route.not_found'];
  }
  return [
    'auth.unauthenticated',
    ...(isOpenToWhoFinds(route) ? [] : (['auth.forbidden'] satisfies ErrorCode[])),
    ...whichKeyMay(permission),
    ...(isForLackOfFactor(permission) ? [] : (['auth.mfa_enrolment_required'] satisfies ErrorCode[])),
    'auth.throttled',
  ];
}

function whichKeyMay(permission: Permission): readonly ErrorCode[] {
  const needed = keyRequirements[permission];
  return needed === 'a person' ? ['auth.person_required'] : ['auth.scope_missing'];
}

/**
 * Whether everybody may who finds what the path names. @NOTE strangers do not find what an organization holds, and get 404; 403
 * is for paths below an organization, and for the deleted, which are shown to admins alone.
 */
function isOpenToWhoFinds({ permission, url, query }: Route): boolean {
  const least = permissions[permission as Permission];
  const { properties = {} } = (query ?? {}) as { properties?: object };
  return (
    least === 'anyone signed in' ||
    (least === 'organization member' &&
      !url.startsWith('/organizations/:org_id/') &&
      !('include_deleted' in properties))
  );
}

/** @NOTE any request can have a query parameter that the route does not know, and any but a GET a body that it does not want. */
const whatIsSent = ({ method, body, permission }: Route): readonly ErrorCode[] =>
  method === 'GET'
    ? ['request.invalid']
    : [
        'request.too_large',
        'request.unsupported_media_type',
        'request.invalid',
        ...(body === undefined || permission === 'public' || permission === 'operator'
          ? []
          : (['service.overloaded', 'resource.history_full'] satisfies ErrorCode[])),
      ];
