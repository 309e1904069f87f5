import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let teamId: string;
let people: readonly Person[];

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  teamId = await tenant.team();
  people = await Promise.all(
    Array.from({ length: 7 }, (_, index) => tenant.person(index === 0 ? 'admin' : 'viewer', teamId)),
  );
  // @NOTE three instants for seven members: pages must not depend on times that differ.
  await app.superuser.query(
    `update team_memberships set created_at = timestamptz '2026-01-01' + (hashtext(user_id::text) % 3) * interval '1 day'
     where team_id = $1`,
    [teamId],
  );
});
afterAll(() => app[Symbol.asyncDispose]());

interface Member {
  readonly user_id: string;
  readonly role: string;
  readonly user: { readonly id: string };
}

async function walk(client: Person['client'], limit: number): Promise<Member[]> {
  const items: Member[] = [];
  let cursor: string | null = null;
  do {
    const rest: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { status, body } = await client.get(`/teams/${teamId}/members?limit=${limit}${rest}`);
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}
const idsOf = (members: readonly { user_id: string }[]) => members.map(({ user_id }) => user_id);

test('the list gives each member once, the latest first, on pages of any size, to everyone in the organization', async () => {
  const { rows } = await app.superuser.query<{ user_id: string }>(
    'select user_id from team_memberships where team_id = $1 order by created_at desc, user_id desc',
    [teamId],
  );
  expect(rows).toHaveLength(people.length);
  const outsider = await tenant.person('viewer');
  for (const limit of [2, 3, 100]) {
    expect(idsOf(await walk(outsider.client, limit))).toEqual(idsOf(rows));
  }
});

test('each comes with the role in this team and as the user is read elsewhere', async () => {
  const [admin] = people;
  const home = await tenant.person('viewer');
  await tenant.owner.client.post(`/teams/${teamId}/members`, { user_id: home.id, role: 'member' });
  const members = await walk(tenant.owner.client, 100);
  for (const [person, role] of [
    [admin, 'admin'],
    [home, 'member'],
  ] as const) {
    const user = (await tenant.owner.client.get(`/users/${person?.id}`)).body;
    expect(members.find((member) => member.user_id === person?.id)).toEqual({
      user_id: person?.id,
      role,
      user,
    });
  }
  await tenant.owner.client.delete(`/teams/${teamId}/members/${home.id}`);
  expect(idsOf(await walk(tenant.owner.client, 100))).not.toContain(home.id);
});

test('deleted users are in no team', async () => {
  const going = await tenant.person('viewer', teamId);
  expect(idsOf(await walk(tenant.owner.client, 100))).toContain(going.id);
  await tenant.owner.client.delete(`/users/${going.id}`);
  expect(idsOf(await walk(tenant.owner.client, 100))).not.toContain(going.id);
});

test('a team of another organization or of nobody is not found, and no cursor of another team is taken', async () => {
  const stranger = await newTenant(app);
  for (const id of [teamId, randomUUID()]) {
    const reply = await stranger.owner.client.get(`/teams/${id}/members`);
    expect([reply.status, reply.body.code]).toEqual([404, 'team.not_found']);
  }
  const { body } = await tenant.owner.client.get(`/teams/${teamId}/members?limit=1`);
  for (const [path, pointer] of [
    [`/teams/${tenant.teamId}/members?cursor=${body.next_cursor}`, '/query/cursor'],
    [`/teams/${teamId}/members?role=admin`, '/query/role'],
    [`/teams/${teamId}/members?limit=0`, '/query/limit'],
  ] as const) {
    const reply = await tenant.owner.client.get(path);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  }
});
