import { expect, test } from 'vitest';
import { effectiveScopes } from './effective-scopes.ts';
import type { Principal, TeamRole } from './principal.ts';
import { scopes } from './scopes.ts';

const inTeams = (...roles: TeamRole[]): Principal => ({
  userId: 'u',
  email: 'ada@example.com',
  username: 'ada',
  orgId: 'o',
  organizations: new Map([['o', 'member']]),
  teams: new Map(roles.map((role, index) => [`t-${index}`, { orgId: 'o', role }])),
});
const reads = ['organization:read', 'incidents:read', 'agent_configs:read', 'configs:read', 'stats:read'];
const keyOf = (principal: Principal, granted: readonly string[]): Principal => ({
  ...principal,
  apiKey: { id: 'k', scopes: granted },
});

test('a person may what their best role in a team of the organization allows', () => {
  expect(effectiveScopes(inTeams())).toEqual([
    'organization:read',
    'incidents:read',
    'agent_configs:read',
    'configs:read',
    'stats:read',
  ]);
  expect(effectiveScopes(inTeams('viewer'))).toEqual(reads);
  const member = effectiveScopes(inTeams('viewer', 'member'));
  expect(member).toContain('incidents:write');
  expect(member).not.toContain('incidents:delete');
  const admin = effectiveScopes(inTeams('admin'));
  expect(admin).toContain('incidents:delete');
  expect(admin).not.toContain('audit:read');
  const owner = effectiveScopes({ ...inTeams(), organizations: new Map([['o', 'owner']]) });
  expect(owner).toEqual(scopes.filter((scope) => scope !== 'alerts:ingest'));
});

test('a role in a team of another organization counts for nothing', () => {
  const elsewhere = { ...inTeams(), teams: new Map([['t', { orgId: 'other', role: 'admin' as const }]]) };
  expect(effectiveScopes(elsewhere)).toEqual(effectiveScopes(inTeams()));
});

test('a key may what it was given, as far as whom it acts for may', () => {
  const granted = ['incidents:read', 'incidents:write', 'audit:read'];
  expect(effectiveScopes(keyOf(inTeams('viewer'), granted))).toEqual(['incidents:read']);
  expect(effectiveScopes(keyOf(inTeams('member'), granted))).toEqual(['incidents:read', 'incidents:write']);
});
