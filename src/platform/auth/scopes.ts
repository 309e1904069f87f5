import { ApiError } from '../errors/api-error.ts';
import type { Permission } from './permissions.ts';

/**
 * What an API key may be given. `alerts:ingest` is for senders of alerts, who need nothing else; `scim:write` for a directory, alone: a key with it is
 * good for nothing else.
 */
export const scopes = [
  'organization:read',
  'incidents:read',
  'incidents:write',
  'incidents:delete',
  'agent_configs:read',
  'agent_configs:write',
  'agent_configs:propose',
  'configs:read',
  'configs:write',
  'stats:read',
  'stats:write',
  'stats:delete',
  'alerts:ingest',
  'audit:read',
  'scim:write',
] as const;
export type Scope = (typeof scopes)[number];

/** What an action takes of an API key: a scope, that it is one (`any key`), or that it is none (`a person`). */
export type KeyRequirement = Scope | 'any key' | 'a person';

/**
 * The scope that a key needs for each action, beside the role in `permissions.ts` that whoever it acts for needs. Whatever concerns people, who
 * may do what, and keys themselves takes a person: a key that leaks gives nobody a second one.
 */
const table = {
  'profile:read': 'any key',
  'session:read': 'a person',
  'session:end': 'a person',
  'session:switch': 'a person',
  'password:change': 'a person',
  'email:verify': 'a person',
  'second_factor:manage': 'a person',
  'organization:create': 'a person',
  'organization:list': 'a person',

  'organization:read': 'organization:read',
  'team:list': 'organization:read',
  'team:read': 'organization:read',
  'user:list': 'organization:read',
  'user:read': 'organization:read',
  'member:list': 'organization:read',
  'incident:list_organization': 'incidents:read',
  'stats:list_organization': 'stats:read',

  'organization:update': 'a person',
  'organization:grant': 'a person',
  'organization:leave': 'a person',
  'team:create': 'a person',
  'service_account:create': 'a person',
  'team:delete': 'a person',
  'invitation:manage': 'a person',
  'invitation:read': 'a person',
  'group_mapping:manage': 'a person',
  'group_mapping:read': 'a person',
  'audit:read': 'audit:read',
  'scim:manage': 'scim:write',

  'incident:read': 'incidents:read',
  'agent_config:read': 'agent_configs:read',
  'stats:read': 'stats:read',

  'incident:create': 'incidents:write',
  'incident:update': 'incidents:write',
  'incident:comment': 'incidents:write',
  'proposal:list': 'agent_configs:read',
  'proposal:read': 'agent_configs:read',
  'proposal:create': 'agent_configs:propose',
  'proposal:withdraw': 'agent_configs:propose',
  'proposal:decide': 'a person',
  'agent_config:create': 'agent_configs:write',
  'agent_config:update': 'agent_configs:write',
  'stats:create': 'stats:write',

  'incident:delete': 'incidents:delete',
  'incident:restore': 'incidents:delete',
  'config:list': 'configs:read',
  'config:read': 'configs:read',
  'config:resolve': 'configs:read',
  'config:read_effective': 'configs:read',
  'config:create': 'configs:write',
  'config:update': 'configs:write',
  'config:publish': 'configs:write',
  'config:delete': 'a person',
  'config:restore': 'a person',
  'agent_config:delete': 'a person',
  'agent_config:restore': 'a person',
  'stats:delete': 'stats:delete',
  'team:update': 'a person',
  'member:manage': 'a person',
  'user:create': 'a person',
  'user:delete': 'a person',
  'user:restore': 'a person',
  'user:update': 'a person',

  'api_key:create': 'a person',
  'api_key:list': 'a person',
  'api_key:manage': 'a person',
} as const satisfies Record<Permission, KeyRequirement>;

/** Whether a key is for a directory, and nothing else. */
export const isOfDirectory = (granted: readonly string[]): boolean =>
  granted.length === 1 && granted[0] === 'scim:write';

/** What each action takes of an API key. */
export const keyRequirements: Readonly<Record<Permission, KeyRequirement>> = table;

/** Throws 403 `auth.scope_missing`, which names the scope, or 403 `auth.person_required`, where a key may not be used for an action. */
export function requireScope(granted: readonly string[], permission: Permission): void {
  const needed = keyRequirements[permission];
  if (needed === 'a person') {
    throw new ApiError('auth.person_required', { why: `${permission} takes a person` });
  }
  if (needed === 'any key' && isOfDirectory(granted)) {
    throw new ApiError('auth.scope_missing', { detail: 'The API key is for the directory (SCIM) alone' });
  }
  if (needed !== 'any key' && !granted.includes(needed)) {
    throw new ApiError('auth.scope_missing', {
      detail: `The API key does not have the scope that this takes: ${needed}`,
    });
  }
}
