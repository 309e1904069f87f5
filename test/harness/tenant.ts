import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { TestApp } from './app.ts';
import type { Client } from './client.ts';
import { tokenOf } from './session.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly client: Client;
}

/** An organization of a test's own. */
export interface Tenant {
  readonly orgId: string;
  readonly teamId: string;
  /** The one who signed up: owner of the organization, admin of its team. */
  readonly owner: Person;
  /** Makes a user in a team (the first one by default). */
  person(role: 'admin' | 'member' | 'viewer', teamId?: string): Promise<Person>;
  team(name?: string): Promise<string>;
  incident(fields?: object): Promise<{ id: string; version: number }>;
}

export const password = 'a long enough passphrase';
export const unique = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 13)}`;

export const signupBody = (fields: object = {}) => {
  const name = unique('u');
  return {
    email: `${name}@example.com`,
    username: name,
    password,
    organization_name: unique('Org'),
    team_name: 'Platform',
    ...fields,
  };
};

/** Signs up an organization through the API. */
export async function newTenant(app: TestApp): Promise<Tenant> {
  const body = signupBody();
  const signup = await app.anonymous.post('/auth/signup', body);
  expect(signup.status).toBe(200);
  const client = app.clientOf(signup.body.access_token);
  const me = (await client.get('/auth/me')).body;
  const { org_id: orgId, team_id: teamId } = me;
  return {
    orgId,
    teamId,
    owner: { id: me.id, email: body.email, client },
    async person(role, team = teamId) {
      const name = unique(role);
      const email = `${name}@example.com`;
      const created = await client.post(`/organizations/${orgId}/users`, {
        email,
        username: name,
        team_id: team,
        role,
      });
      expect(created.status).toBe(200);
      const { id } = created.body;
      const token = await tokenOf(app.superuser, { userId: id, orgId, email, roles: [role] });
      return { id, email, client: app.clientOf(token) };
    },
    async team(name = unique('Team')) {
      const created = await client.post(`/organizations/${orgId}/teams`, { name });
      expect(created.status).toBe(200);
      return created.body.id;
    },
    async incident(fields = {}) {
      const created = await client.post(`/teams/${teamId}/incidents`, { title: 'An incident', ...fields });
      expect(created.status).toBe(200);
      return created.body;
    },
  };
}
