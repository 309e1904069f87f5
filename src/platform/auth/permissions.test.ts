import { describe, expect, test } from 'vitest';
import { permissions } from './permissions.ts';

describe('the table of permissions', () => {
  // Contract v1, "Who may what", and restoring, which came later.
  test.each([
    ['read', 'team viewer', ['agent_config', 'incident', 'stats']],
    ['create', 'team member', ['agent_config', 'incident', 'stats']],
    ['update', 'team member', ['agent_config', 'incident']],
    ['delete', 'team admin', ['agent_config', 'incident', 'stats']],
    ['restore', 'team admin', ['agent_config', 'incident']],
  ])('lets %s what a team has at least a %s', (verb, role, resources) => {
    for (const resource of resources) {
      expect(permissions).toHaveProperty([`${resource}:${verb}`], role);
    }
  });

  test.each([
    ['organization admin', ['audit:read', 'organization:update', 'team:create']],
    ['team admin', ['member:manage', 'team:update', 'user:create', 'user:delete', 'user:restore']],
    ['organization member', ['organization:read', 'team:list', 'team:read', 'user:list', 'user:read']],
    ['oneself or team admin', ['user:update']],
  ])('asks for %s where the organization is concerned', (role, names) => {
    for (const name of names) {
      expect(permissions).toHaveProperty([name], role);
    }
  });
});
