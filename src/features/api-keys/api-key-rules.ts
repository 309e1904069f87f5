import { isIP } from 'node:net';
import type { Caller } from '../../platform/auth/caller.ts';
import { isOrganizationAdmin, teamRoleOf } from '../../platform/auth/principal.ts';
import { ApiError, type Fault, invalid } from '../../platform/errors/api-error.ts';
import { type ApiKey, lifetimeDays, type NewApiKey } from './api-key-schemas.ts';

const dayMs = 86_400_000;

/**
 * Grants the making of a key: an admin of the organization, or of all teams that the key names; for a service account the former. Throws 403 `auth.forbidden` for anybody else, and
 * 403 `api_key.exceeds_creator` with a pointer to each team and scope that is more than an admin of some teams may.
 */
export function authorizeCreation(
  caller: Caller,
  orgId: string,
  { scopes, team_ids: teamIds = [], service_account_id: accountId }: NewApiKey,
): void {
  if (accountId !== undefined) {
    caller.authorize({ orgId });
  }
  const own = teamIds.filter((teamId) => teamRoleOf(caller.principal, orgId, teamId) === 'admin');
  caller.authorize({ orgId, teamId: own[0] ?? teamIds[0] ?? null });
  if (isOrganizationAdmin(caller.principal, orgId)) {
    return;
  }
  const faults: Fault[] = [
    ...faultsAt('/team_ids', teamIds, (id) => !own.includes(id), 'is a team that you are no admin of'),
    ...faultsAt('/scopes', scopes, isForAdmins, 'is for admins of the organization'),
  ];
  if (faults.length > 0) {
    throw new ApiError('api_key.exceeds_creator', { faults });
  }
}

const isForAdmins = (scope: string): boolean => scope === 'audit:read' || scope === 'scim:write';

const faultsAt = (
  pointer: string,
  values: readonly string[],
  isWrong: (value: string) => boolean,
  message: string,
): Fault[] =>
  values.flatMap((value, index) => (isWrong(value) ? [{ pointer: `${pointer}/${index}`, message }] : []));

/** Grants what is done to a key: its user, an admin of the organization, or one of all teams that it names. */
export function authorizeManagement(
  caller: Caller,
  { org_id: orgId, team_ids: teamIds, user_id: userId }: ApiKey,
): void {
  const [first, ...others] = teamIds;
  caller.authorize({ orgId, teamId: first ?? null, userId });
  for (const teamId of others) {
    caller.authorize({ orgId, teamId, userId });
  }
}

/**
 * Throws 403 where somebody else than its user would be shown a new secret; that of a service account is shown to admins of the
 * organization. @NOTE whoever is shown it acts in that user's name from then on.
 */
export function requireOwnKey(caller: Caller, key: ApiKey): void {
  const isTheirs = key.is_of_service_account
    ? isOrganizationAdmin(caller.principal, key.org_id)
    : key.user_id === caller.userId;
  if (!isTheirs) {
    throw new ApiError('auth.forbidden', { why: 'only whom a key acts for is shown its new secret' });
  }
}

/**
 * Throws 422 for a scope that the key could not use: the trail is read by admins of the organization, and by no key of teams. A directory's key is for
 * the whole organization and for nothing else: whoever finds it in the settings of the directory can do no more than that does.
 */
export function requireUsefulScopes({
  scopes,
  team_ids: teamIds = [],
  service_account_id: accountId,
}: NewApiKey): void {
  if (scopes.includes('audit:read') && (teamIds.length > 0 || accountId !== undefined)) {
    throw invalid('/scopes', 'must not have audit:read in a key of teams or of a service account');
  }
  if (scopes.includes('scim:write') && scopes.length > 1) {
    throw invalid('/scopes', 'must have scim:write alone, or not at all');
  }
  if (scopes.includes('scim:write') && teamIds.length > 0) {
    throw invalid('/team_ids', 'must be empty for scim:write, which is for the whole organization');
  }
}

/** Throws 422 for what is no address or network. */
export function requireRanges(ranges: readonly string[] = []): void {
  for (const [index, range] of ranges.entries()) {
    const [address = '', prefix = '0'] = range.split('/');
    const bits = { 4: 32, 6: 128 }[isIP(address)];
    if (bits === undefined || Number(prefix) > bits) {
      throw invalid(`/address_ranges/${index}`, 'must be an IP address, or a network in CIDR notation');
    }
  }
}

/** When a key ends that begins now; throws 422 for a time that is over, or too far away. */
export function expiryOf(wanted: string | undefined, now: number): string {
  const at = wanted === undefined ? now + lifetimeDays.default * dayMs : Date.parse(wanted);
  if (at <= now || at > now + lifetimeDays.max * dayMs) {
    throw invalid('/expires_at', `must be in the future, and within ${lifetimeDays.max} days`);
  }
  return new Date(at).toISOString();
}
