import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const idsOf = ({ body }: { body: { items: { id: string }[] } }): string[] => body.items.map(({ id }) => id);

/** The ids of a list, page by page. */
async function walk(client: Client, path: string, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor = ''; ; ) {
    const reply = await client.get(`${path}?limit=${limit}${cursor}`);
    expect(reply.status).toBe(200);
    expect(reply.body.has_more).toBe(reply.body.next_cursor !== null);
    pages.push(idsOf(reply));
    expect(pages.length).toBeLessThan(20);
    if (!reply.body.has_more) {
      return pages;
    }
    cursor = `&cursor=${reply.body.next_cursor}`;
  }
}

describe('the list of users', () => {
  test('is searched by e-mail address, username and full name, also among more than are looked through', async () => {
    const [tenant, other] = [await newTenant(app), await newTenant(app)];
    const { id } = await tenant.person('member');
    await other.person('member');
    await tenant.owner.client.put(`/users/${id}`, { full_name: 'Zoë Müller' });
    const found = async (q: string): Promise<string[]> => {
      const { status, body } = await tenant.owner.client.get(
        `/organizations/${tenant.orgId}/users?q=${encodeURIComponent(q)}`,
      );
      expect(status, JSON.stringify(body)).toBe(200);
      return body.items.map((user: { id: string }) => user.id);
    };
    const { body } = await tenant.owner.client.get(`/users/${id}`);
    await app.superuser.query(
      `with person as (
         insert into users (id, org_id, email, username)
         select gen_random_uuid(), $1, $2 || n || '@later.example', $2 || n from generate_series(1, 150) n returning id
       ) insert into organization_memberships (org_id, user_id, role, created_at)
         select $1, id, 'member', now() + interval '1 hour' from person`,
      [tenant.orgId, `x${tenant.orgId.slice(-8)}-`],
    );
    for (const q of ['muller zoe', '"zoë MÜLLER"', body.email.toUpperCase(), body.username]) {
      expect([q, await found(q)]).toEqual([q, [id]]);
    }
    expect((await found('later.example')).length).toBe(20);
    await tenant.owner.client.put(`/users/${id}`, { full_name: 'Somebody Else' });
    expect(await found('muller')).toEqual([]);
    await tenant.owner.client.delete(`/users/${id}`);
    expect(await found('somebody')).toEqual([]);
  });

  test('is in pages, newest first, for everyone in the organization', async () => {
    const tenant = await newTenant(app);
    const people = [tenant.owner];
    for (const role of ['viewer', 'member', 'admin', 'viewer'] as const) {
      people.unshift(await tenant.person(role));
    }
    const ids = people.map(({ id }) => id);
    const viewer = people[0]?.client as Client;
    const path = `/organizations/${tenant.orgId}/users`;
    expect(await walk(viewer, path, 2)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await walk(viewer, path, 5)).toEqual([ids]);
    const [first] = (await viewer.get(path)).body.items;
    expect(first).toEqual((await viewer.get(`/users/${ids[0]}`)).body);
  });

  test('gives everyone exactly once, however many joined in one instant, and not when they were made', async () => {
    const tenant = await newTenant(app);
    for (let index = 0; index < 6; index += 1) {
      await tenant.person('viewer');
    }
    await app.superuser.query(
      `update organization_memberships set created_at = '2026-01-01' where org_id = $1 and user_id <> $2`,
      [tenant.orgId, tenant.owner.id],
    );
    const pages = await walk(tenant.owner.client, `/organizations/${tenant.orgId}/users`, 2);
    expect(pages.flat()).toHaveLength(7);
    expect(new Set(pages.flat()).size).toBe(7);
    expect(pages[0]?.[0]).toBe(tenant.owner.id);
  });

  test('leaves out the deleted, unless an admin of the organization asks for them', async () => {
    const tenant = await newTenant(app);
    const [deleted, admin] = [await tenant.person('viewer'), await tenant.person('admin')];
    await tenant.owner.client.delete(`/users/${deleted.id}`);
    const path = `/organizations/${tenant.orgId}/users`;
    expect(idsOf(await tenant.owner.client.get(path))).toEqual([admin.id, tenant.owner.id]);
    expect(idsOf(await tenant.owner.client.get(`${path}?include_deleted=false`))).toHaveLength(2);
    const all = await tenant.owner.client.get(`${path}?include_deleted=true`);
    expect(idsOf(all)).toEqual([admin.id, deleted.id, tenant.owner.id]);
    const refused = await admin.client.get(`${path}?include_deleted=true`);
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('is not for strangers, and its cursors neither', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    await theirs.person('viewer');
    const list = (tenant: Tenant, query = '') => `/organizations/${tenant.orgId}/users?limit=1${query}`;
    expect((await mine.owner.client.get(list(theirs))).status).toBe(403);
    const { next_cursor: cursor } = (await theirs.owner.client.get(list(theirs))).body;
    for (const query of [
      list(mine, `&cursor=${cursor}`),
      list(mine, `&cursor=${cursor}&include_deleted=true`),
    ]) {
      const reply = await mine.owner.client.get(query);
      expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
    }
  });

  test.each([
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['include_deleted=yes', '/query/include_deleted'],
    ['role=admin', '/query/role'],
  ])('refuses ?%s by name', async (query, pointer) => {
    const tenant = await newTenant(app);
    const reply = await tenant.owner.client.get(`/organizations/${tenant.orgId}/users?${query}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  });
});

describe('a user', () => {
  test('can be read by everyone in the organization, without password or hash', async () => {
    const tenant = await newTenant(app);
    const outsider = await tenant.person('viewer', await tenant.team());
    const reply = await outsider.client.get(`/users/${tenant.owner.id}`);
    expect([reply.status, reply.body]).toMatchObject([
      200,
      {
        id: tenant.owner.id,
        org_id: tenant.orgId,
        organization_id: tenant.orgId,
        team_id: tenant.teamId,
        role: 'admin',
        email: tenant.owner.email,
        preferences: {},
      },
    ]);
    expect(JSON.stringify(reply.body)).not.toMatch(/password|argon2|_key|home_org|joined/);
  });

  test('of another organization is not found, in the same words as one who does not exist', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const foreign = await mine.owner.client.get(`/users/${theirs.owner.id}`);
    const absent = await mine.owner.client.get(`/users/${randomUUID()}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'user.not_found']);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
  });

  test('who is deleted is not found, unless an admin of the organization asks', async () => {
    const tenant = await newTenant(app);
    const [deleted, viewer] = [await tenant.person('viewer'), await tenant.person('viewer')];
    await tenant.owner.client.delete(`/users/${deleted.id}`);
    const path = `/users/${deleted.id}`;
    expect((await tenant.owner.client.get(path)).status).toBe(404);
    const asked = await tenant.owner.client.get(`${path}?include_deleted=true`);
    expect([asked.status, asked.body]).toMatchObject([
      200,
      { deleted_at: expect.stringMatching(/Z$/), deleted_by: tenant.owner.id },
    ]);
    expect((await viewer.client.get(`${path}?include_deleted=true`)).status).toBe(403);
  });
});
