import { isForLackOfFactor, type Permission, type Requirement } from '../../src/platform/auth/permissions.ts';
import type { ErrorCode } from '../../src/platform/errors/catalogue.ts';
import { type Caller, type Rank, ranks } from './cast.ts';
import { isOfScim, namesResource, type Operation } from './oracle.ts';

/** How a call must be answered: refused in so many words, or not for want of a right. */
export type Expectation = { readonly status: 401 | 403 | 404; readonly code?: ErrorCode } | 'allowed';

/** The least rank in the team, or the organization, that a requirement means. */
const least: Readonly<Record<Requirement, Rank>> = {
  'anyone signed in': 'outsider',
  'organization member': 'outsider',
  // @NOTE of the world's, which is no team's.
  'organization member, of a team its viewer': 'outsider',
  'organization admin, of a team its admin': 'organization admin',
  'team viewer': 'viewer',
  'team member': 'member',
  'team admin': 'team admin',
  'oneself or team admin': 'team admin',
  'organization admin': 'organization admin',
  'organization owner': 'organization owner',
};

/** Operations that take more than their permission says, of whom it is about: the key of the world acts for its owner. */
const narrower: Readonly<Record<string, Rank>> = { rotateApiKey: 'organization owner' };

const forbidden = { status: 403, code: 'auth.forbidden' } as const;
const unauthenticated = { status: 401, code: 'auth.unauthenticated' } as const;

/** What the tables of permissions and scopes say of a call about the world's own rows. */
export function expectationOf(operation: Operation, { standing, scopes, lacksFactor }: Caller): Expectation {
  const { least: requirement, key, operationId, url } = operation;
  if (requirement === 'public') {
    return 'allowed';
  }
  if (requirement === 'operator' || standing === 'nobody') {
    return unauthenticated;
  }
  if (lacksFactor && !isForLackOfFactor(operation.permission as Permission)) {
    return { status: 403, code: 'auth.mfa_enrolment_required' };
  }
  if (scopes === undefined && isOfScim(operation)) {
    return { status: 403, code: 'auth.key_required' };
  }
  if (scopes !== undefined && key === 'a person') {
    return { status: 403, code: 'auth.person_required' };
  }
  if (scopes !== undefined && key !== 'any key' && !scopes.some((scope) => scope === key)) {
    return { status: 403, code: 'auth.scope_missing' };
  }
  // @NOTE a directory's key is good for nothing else.
  if (key === 'any key' && scopes?.length === 1 && scopes[0] === 'scim:write') {
    return { status: 403, code: 'auth.scope_missing' };
  }
  if (standing === 'stranger') {
    const namesOrganization = url.startsWith('/organizations/:org_id') && operationId !== 'getOrganization';
    return namesResource(operation) ? (namesOrganization ? forbidden : { status: 404 }) : 'allowed';
  }
  // @NOTE whatever anybody may do to what has an id is about what is their own: the world's is its owner's.
  if (requirement === 'anyone signed in' && namesResource(operation) && standing !== 'organization owner') {
    return { status: 404 };
  }
  const needed = narrower[operationId] ?? least[requirement];
  return ranks.indexOf(standing) < ranks.indexOf(needed) ? forbidden : 'allowed';
}
