import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
/** An admin of another team of the same organization. */
let neighbour: Person;
let viewer: Person;
let incidentId: string;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  neighbour = await tenant.person('admin', await tenant.team());
  viewer = await tenant.person('viewer');
  incidentId = (await tenant.incident()).id;
});
afterAll(() => app[Symbol.asyncDispose]());

const rows = async (): Promise<unknown> =>
  (
    await app.superuser.query(
      `select (select jsonb_agg(to_jsonb(i) order by i.id) from incidents i where i.org_id = $1) as incidents,
              (select count(*) from incident_events where org_id = $1) as events,
              (select count(*) from audit_events where org_id = $1 and action <> 'access.refused') as entries`,
      [tenant.orgId],
    )
  ).rows;

const writing: readonly [
  string,
  (client: Client, teamId: string, id: string) => ReturnType<Client['get']>,
][] = [
  ['create', (client, teamId) => client.post(`/teams/${teamId}/incidents`, { title: 'x' })],
  ['update', (client, _, id) => client.put(`/incidents/${id}`, { title: 'x' })],
  ['comment', (client, _, id) => client.post(`/incidents/${id}/comments`, { comment: 'x' })],
  ['delete', (client, _, id) => client.delete(`/incidents/${id}`)],
  ['restore', (client, _, id) => client.post(`/incidents/${id}/restore`)],
];
const reading: typeof writing = [
  ['list', (client, teamId) => client.get(`/teams/${teamId}/incidents`)],
  ['read', (client, _, id) => client.get(`/incidents/${id}`)],
  ['read the timeline of', (client, _, id) => client.get(`/incidents/${id}/events`)],
];

describe('another team of the same organization', () => {
  test.each([...reading, ...writing])('may not %s incidents of this one', async (_, send) => {
    const before = await rows();
    const reply = await send(neighbour.client, tenant.teamId, incidentId);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect(await rows()).toEqual(before);
  });
});

describe('a viewer', () => {
  test.each(reading)('may %s incidents', async (_, send) => {
    expect((await send(viewer.client, tenant.teamId, incidentId)).status).toBe(200);
  });

  test.each(writing)('may not %s incidents', async (_, send) => {
    const before = await rows();
    const reply = await send(viewer.client, tenant.teamId, incidentId);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect(await rows()).toEqual(before);
  });
});

describe('ids of nothing', () => {
  test.each([...reading, ...writing])('cannot be used to %s incidents', async (_, send) => {
    const reply = await send(tenant.owner.client, randomUUID(), randomUUID());
    expect([reply.status, reply.body.code]).toEqual([
      404,
      expect.stringMatching(/^(incident|team)\.not_found$/),
    ]);
  });

  test.each([...reading, ...writing])('that are no UUID cannot be used to %s incidents', async (_, send) => {
    const reply = await send(tenant.owner.client, 'platform', '4711');
    expect([reply.status, reply.body]).toMatchObject([
      422,
      {
        code: 'request.invalid',
        errors: [{ pointer: expect.stringMatching(/^\/path\/(team|incident)_id$/) }],
      },
    ]);
  });
});

describe('an id in the body', () => {
  test.each(['organization_id', 'team_id'])(
    'that differs from the path’s %s is refused by name',
    async (field) => {
      const body = { title: 'x', [field]: randomUUID() };
      const before = await rows();
      for (const reply of [
        await tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, body),
        await tenant.owner.client.put(`/incidents/${incidentId}`, body),
      ]) {
        expect([reply.status, reply.body]).toMatchObject([
          422,
          { code: 'request.path_mismatch', errors: [{ pointer: `/${field}` }] },
        ]);
      }
      expect(await rows()).toEqual(before);
    },
  );

  test('is looked at only once the role is known to allow the request', async () => {
    const body = { title: 'x', team_id: randomUUID() };
    expect((await viewer.client.post(`/teams/${tenant.teamId}/incidents`, body)).status).toBe(403);
    expect((await viewer.client.put(`/incidents/${incidentId}`, body)).status).toBe(403);
  });
});

describe('an assignee', () => {
  const assign = async (assignedTo: string) => {
    const body = { title: 'x', assigned_to: assignedTo };
    return [
      await tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, body),
      await tenant.owner.client.put(`/incidents/${incidentId}`, body),
    ];
  };
  const people: readonly [string, () => Promise<string>][] = [
    ['nobody', async () => randomUUID()],
    ['of another organization', async () => (await newTenant(app)).owner.id],
    [
      'deactivated',
      async () => {
        const { id } = await tenant.person('member');
        await tenant.owner.client.put(`/users/${id}`, { is_active: false });
        return id;
      },
    ],
    [
      'deleted',
      async () => {
        const { id } = await tenant.person('member');
        await tenant.owner.client.delete(`/users/${id}`);
        return id;
      },
    ],
  ];
  test.each(people)('who is %s is refused, and nothing is written', async (_, person) => {
    const id = await person();
    const before = await rows();
    for (const reply of await assign(id)) {
      expect([reply.status, reply.body]).toMatchObject([
        422,
        { code: 'incident.assignee_invalid', errors: [{ pointer: '/assigned_to' }] },
      ]);
    }
    expect(await rows()).toEqual(before);
  });

  test('who was deactivated since does not stand in the way of other changes', async () => {
    const { id: userId } = await tenant.person('member');
    const { id } = await tenant.incident({ assigned_to: userId });
    await tenant.owner.client.put(`/users/${userId}`, { is_active: false });
    const reply = await tenant.owner.client.put(`/incidents/${id}`, {
      assigned_to: userId,
      status: 'resolved',
    });
    expect([reply.status, reply.body]).toMatchObject([200, { assigned_to: userId, status: 'resolved' }]);
  });
});

describe('bodies', () => {
  test('of more than 1 MiB are refused with 413, of another media type with 415', async () => {
    const path = `/teams/${tenant.teamId}/incidents`;
    const large = await tenant.owner.client.post(path, { title: 'x', description: 'x'.repeat(1024 * 1024) });
    expect([large.status, large.body.code]).toEqual([413, 'request.too_large']);
    const text = await tenant.owner.client.post(path, 'title=x', {
      headers: { 'content-type': 'text/plain' },
    });
    expect([text.status, text.body.code]).toEqual([415, 'request.unsupported_media_type']);
  });
});
