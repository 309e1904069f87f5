/**
 * Who may do what: for each action the least role that may. One line of roles runs from a stranger to the
 * organization's owner; owners and admins of an organization count as admin in each of its teams.
 */
const table = {
  // any caller with a valid token
  'profile:read': 'anyone signed in',
  'session:read': 'anyone signed in',
  'session:end': 'anyone signed in',
  'session:switch': 'anyone signed in',
  'password:change': 'anyone signed in',
  'email:verify': 'anyone signed in',
  'second_factor:manage': 'anyone signed in',
  'organization:create': 'anyone signed in',
  'organization:list': 'anyone signed in',

  // any member of the organization
  'organization:leave': 'organization member',
  'organization:read': 'organization member',
  'team:list': 'organization member',
  'team:read': 'organization member',
  'user:list': 'organization member',
  'user:read': 'organization member',
  'member:list': 'organization member',
  'api_key:list': 'organization member',
  'incident:list_organization': 'organization member',
  'stats:list_organization': 'organization member',

  'proposal:list': 'organization member',

  'config:list': 'organization member',
  // what is a team's is for those who may read the team
  'config:read': 'organization member, of a team its viewer',
  'config:resolve': 'organization member, of a team its viewer',

  // what is a team's is for the team's admins, too
  'config:create': 'organization admin, of a team its admin',
  'config:update': 'organization admin, of a team its admin',
  'config:publish': 'organization admin, of a team its admin',
  'config:delete': 'organization admin, of a team its admin',
  'config:restore': 'organization admin, of a team its admin',

  // the organization's owners and admins
  'organization:update': 'organization admin',
  'team:create': 'organization admin',
  'service_account:create': 'organization admin',
  'team:delete': 'organization admin',
  'invitation:manage': 'organization admin',
  'invitation:read': 'organization admin',
  'group_mapping:manage': 'organization admin',
  'group_mapping:read': 'organization admin',
  'audit:read': 'organization admin',
  // of a key for nothing else; see scopes.ts
  'scim:manage': 'organization admin',

  // its owners
  'organization:grant': 'organization owner',

  // by role in the team
  'incident:read': 'team viewer',
  'agent_config:read': 'team viewer',
  'config:read_effective': 'team viewer',
  'proposal:read': 'team viewer',
  'stats:read': 'team viewer',

  'incident:create': 'team member',
  'incident:update': 'team member',
  'incident:comment': 'team member',
  'agent_config:create': 'team member',
  'agent_config:update': 'team member',
  'proposal:create': 'team member',
  'proposal:withdraw': 'team member',
  'stats:create': 'team member',

  // but not of one's own
  'proposal:decide': 'team admin',
  'incident:delete': 'team admin',
  'incident:restore': 'team admin',
  'agent_config:delete': 'team admin',
  'agent_config:restore': 'team admin',
  'stats:delete': 'team admin',
  'team:update': 'team admin',
  'member:manage': 'team admin',
  'user:create': 'team admin',
  'user:delete': 'team admin',
  'user:restore': 'team admin',
  // of all teams that the key names; of the organization, where it names none
  'api_key:create': 'team admin',

  // oneself, or an admin of the user's team or organization
  'user:update': 'oneself or team admin',
  'api_key:manage': 'oneself or team admin',
} as const;

/** The least role for an action. */
export type Requirement = (typeof table)[Permission];

/** An action that a route declares. */
export type Permission = keyof typeof table;

/** What is left to who lacks a second factor that their organization asks for. */
export const isForLackOfFactor = (permission: Permission): boolean =>
  permission === 'second_factor:manage' || permission === 'session:end';

/** The least role for each action. */
export const permissions: Readonly<Record<Permission, Requirement>> = table;
