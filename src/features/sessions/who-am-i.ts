import type { Caller } from '../../platform/auth/caller.ts';
import { effectiveScopes } from '../../platform/auth/effective-scopes.ts';
import type { WhoAmI } from './session-schemas.ts';

/** Who calls, where they belong and what they may, as it is at this moment. */
export async function whoAmI({ pending }: Caller): Promise<WhoAmI> {
  const principal = await pending.known();
  const { userId, email, username, orgId, sessionId, apiKey } = principal;
  return {
    user_id: userId,
    email,
    username,
    org_id: orgId,
    session_id: sessionId ?? null,
    api_key_id: apiKey?.id ?? null,
    organizations: Array.from(principal.organizations, ([id, role]) => ({ id, role })),
    teams: Array.from(principal.teams, ([id, { orgId: org_id, role }]) => ({ id, org_id, role })),
    scopes: effectiveScopes(principal),
  };
}
