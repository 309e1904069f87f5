import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const path = (orgId = tenant.orgId) => `/organizations/${orgId}/audit-events`;
const actions = (body: { items: { action: string }[] }): string[] => body.items.map(({ action }) => action);

describe('the audit trail', () => {
  test('tells who changed what, from where, before and after', async () => {
    const member = await tenant.person('member');
    const created = (await member.client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Disk full' }))
      .body;
    const headers = { 'x-request-id': 'trace-4711' };
    const updated = (await member.client.put(`/incidents/${created.id}`, { priority: 'low' }, { headers }))
      .body;
    const reply = await tenant.owner.client.get(`${path()}?resource_id=${created.id}&limit=1`);
    expect([reply.status, reply.body.items]).toEqual([
      200,
      [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
          org_id: tenant.orgId,
          occurred_at: updated.updated_at,
          actor_type: 'user',
          api_key_id: null,
          actor_id: member.id,
          action: 'incident.updated',
          resource_type: 'incident',
          resource_id: created.id,
          team_id: tenant.teamId,
          before: created,
          after: updated,
          request_id: 'trace-4711',
          address: '127.0.0.1',
        },
      ],
    ]);
    const { rows } = await app.superuser.query(
      'select *, host(address) as address from audit_events where id = $1',
      [reply.body.items[0].id],
    );
    expect(JSON.parse(JSON.stringify(rows))).toEqual(reply.body.items);
  });

  test('is newest first, from the sign-up on', async () => {
    const own = await newTenant(app);
    const { id } = await own.incident();
    await own.owner.client.post(`/incidents/${id}/comments`, { comment: 'x' });
    await own.owner.client.delete(`/incidents/${id}`);
    const { body } = await own.owner.client.get(path(own.orgId));
    expect(actions(body).slice(0, 3)).toEqual(['incident.deleted', 'incident.commented', 'incident.created']);
    expect(actions(body).slice(3).sort()).toEqual(['organization.created', 'team.created', 'user.created']);
  });

  test('tells of the operator, who is no user', async () => {
    const own = await newTenant(app);
    await app.superuser.query(
      `insert into audit_events (org_id, id, actor_type, action, resource_type, resource_id)
       values ($1, gen_random_uuid(), 'operator', 'organization.limits_changed', 'organization', $1)`,
      [own.orgId],
    );
    const { body } = await own.owner.client.get(`${path(own.orgId)}?action=organization.limits_changed`);
    expect(body.items).toMatchObject([
      { actor_type: 'operator', actor_id: null, before: null, after: null, request_id: null, address: null },
    ]);
  });

  test('does not grow by reading anything else, by a request that is no good or by a replay', async () => {
    const own = await newTenant(app);
    const headers = { 'idempotency-key': 'k-1' };
    const create = () => own.owner.client.post(`/teams/${own.teamId}/incidents`, { title: 'x' }, { headers });
    await create();
    await own.owner.client.get(path(own.orgId));
    const before = (await own.owner.client.get(`${path(own.orgId)}?limit=100`)).body;
    await create();
    await own.owner.client.post(`/teams/${own.teamId}/incidents`, { title: '' });
    await own.owner.client.get(`/teams/${own.teamId}/incidents`);
    expect((await own.owner.client.get(`${path(own.orgId)}?limit=100`)).body).toEqual(before);
  });
});

test('tells who read it, once an hour', async () => {
  const own = await newTenant(app);
  for (let turn = 0; turn < 3; turn += 1) {
    await own.owner.client.get(path(own.orgId));
  }
  const { body } = await own.owner.client.get(`${path(own.orgId)}?action=audit_trail.read`);
  expect(body.items).toMatchObject([
    { actor_id: own.owner.id, resource_type: 'organization', resource_id: own.orgId, address: '127.0.0.1' },
  ]);
});

describe('who may read the audit trail', () => {
  const refused = async (person: Person, orgId?: string) => {
    const reply = await person.client.get(path(orgId));
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  };

  test.each(['admin', 'member', 'viewer'] as const)('not the %s of a team', async (role) => {
    await refused(await tenant.person(role));
  });

  test('not a stranger, whether the organization exists or not', async () => {
    const stranger = await newTenant(app);
    await refused(stranger.owner);
    await refused(stranger.owner, randomUUID());
  });

  test('not who is no organization: a malformed id is refused by name', async () => {
    const reply = await tenant.owner.client.get(path('ours'));
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/path/org_id' }]]);
  });

  test('the owners and the admins of the organization', async () => {
    const admin = await tenant.person('viewer');
    await app.superuser.query(
      `update organization_memberships set role = 'admin' where org_id = $1 and user_id = $2`,
      [tenant.orgId, admin.id],
    );
    for (const { client } of [tenant.owner, admin]) {
      expect((await client.get(path())).status).toBe(200);
    }
  });
});
