import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { directoryOf, ofScim } from '../../../test/harness/directory.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let directory: Client;
let people: string[];

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  directory = await directoryOf(app, tenant);
  people = [tenant.owner.id];
  for (const role of ['member', 'viewer', 'member'] as const) {
    people.push((await tenant.person(role)).id);
  }
  people.sort();
});
afterAll(() => app[Symbol.asyncDispose]());

const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patch = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const send = (method: string, path: string, body?: unknown, client = directory) =>
  client.send(method, `/scim/v2${path}`, body, ofScim);
const find = (filter: string, more = '') =>
  directory.get(`/scim/v2/Groups?filter=${encodeURIComponent(filter)}${more}`);
const values = (ids: readonly string[]) => ids.map((value) => ({ value }));
const membersOf = async (id: string): Promise<string[]> =>
  ((await directory.get(`/scim/v2/Groups/${id}`)).body.members ?? [])
    .map(({ value }: { value: string }) => value)
    .sort();
const entriesOf = async (id: string) =>
  (
    await app.superuser.query(
      'select action, after from audit_events where resource_id = $1 order by occurred_at',
      [id],
    )
  ).rows;

async function made(members: readonly string[] = []): Promise<string> {
  const reply = await send('POST', '/Groups', {
    schemas: [groupUrn],
    displayName: unique('Group'),
    members: values(members),
  });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body.id;
}

describe('as Entra sends', () => {
  test('a group comes, gets members, loses them either way, is renamed and removed', async () => {
    const [one = '', two = '', three = ''] = people;
    const displayName = unique('Group');
    expect(
      (await find(`displayName eq "${displayName}"`, '&excludedAttributes=members')).body.totalResults,
    ).toBe(0);
    const created = await send('POST', '/Groups?aadOptscim062020', {
      schemas: [groupUrn, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
      displayName,
      meta: { resourceType: 'Group' },
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(`/scim/v2/Groups/${id}`);
    const read = await directory.get(`/scim/v2/Groups/${id}?excludedAttributes=members`);
    expect([read.body.displayName, read.body.members]).toEqual([displayName, undefined]);

    const added = await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'Add', path: 'members', value: values([one, two, three]) }),
    );
    expect([added.status, added.body]).toEqual([204, undefined]);
    const again = await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'Add', path: 'members', value: values([one]) }),
    );
    expect(again.status).toBe(204);
    await send('PATCH', `/Groups/${id}`, patch({ op: 'Remove', path: 'members', value: values([one]) }));
    expect(await membersOf(id)).toEqual([two, three]);
    await send('PATCH', `/Groups/${id}`, patch({ op: 'remove', path: `members[value eq "${two}"]` }));
    expect(await membersOf(id)).toEqual([three]);
    const gone = await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'remove', path: `members[value eq "${two}"]` }),
    );
    expect(gone.status).toBe(204);
    const name = unique('Renamed');
    await send('PATCH', `/Groups/${id}`, patch({ op: 'Replace', path: 'displayName', value: name }));
    const { Resources } = (await find(`displayName eq "${name.toUpperCase()}"`)).body;
    expect(Resources).toMatchObject([{ id, members: [{ value: three, type: 'User' }] }]);
    await send('PATCH', `/Groups/${id}`, patch({ op: 'Remove', path: 'members' }));
    expect(await membersOf(id)).toEqual([]);
    expect((await send('DELETE', `/Groups/${id}`)).status).toBe(204);
    expect((await directory.get(`/scim/v2/Groups/${id}`)).status).toBe(404);
    const entries = await entriesOf(id);
    expect(entries.map(({ action }) => action)).toEqual([
      'scim_group.created',
      ...Array.from({ length: 5 }, () => 'scim_group.updated'),
      'scim_group.deleted',
    ]);
    expect(entries[1].after).toMatchObject({ members_added: [one, two, three], members_removed: [] });
  });
});

describe('as Okta sends', () => {
  test('a group is renamed without a path, filled anew and replaced', async () => {
    const [one = '', two = '', three = ''] = people;
    const id = await made([one]);
    const displayName = unique('Okta');
    const renamed = await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'replace', value: { id, displayName } }),
    );
    expect(renamed.status).toBe(204);
    await send(
      'PATCH',
      `/Groups/${id}`,
      patch(
        { op: 'remove', path: `members[value eq "${one}"]` },
        { op: 'add', path: 'members', value: [{ value: two, display: 'two@example.com' }] },
      ),
    );
    expect(await membersOf(id)).toEqual([two]);
    await send(
      'PATCH',
      `/Groups/${id}`,
      patch({ op: 'replace', path: 'members', value: values([one, three]) }),
    );
    expect(await membersOf(id)).toEqual([one, three]);
    const replaced = await send('PUT', `/Groups/${id}`, { displayName, members: values([two]) });
    expect([replaced.status, replaced.body.members.length]).toEqual([200, 1]);
    const twice = await send('POST', '/Groups', { displayName: displayName.toUpperCase() });
    expect([twice.status, twice.body.scimType]).toEqual([409, 'uniqueness']);
    expect((await find(`members.value eq "${two}" and id eq "${id}"`)).body.totalResults).toBe(1);
  });
});

test('whatever is added and removed, who is in it is who should be, and a version later than before', async () => {
  const id = await made();
  const some = fc.subarray(people);
  const operations = fc.array(
    fc.record({ op: fc.constantFrom('Add', 'Remove', 'replace', 'remove one'), ids: some }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(operations, async (all) => {
      const before = await directory.get(`/scim/v2/Groups/${id}`);
      const expected = new Set<string>(await membersOf(id));
      const sent = all.map(({ op, ids }) => {
        if (op === 'remove one') {
          expected.delete(ids[0] ?? '');
          return { op: 'Remove', path: `members[value eq "${ids[0] ?? randomUUID()}"]` };
        }
        if (op === 'replace') {
          expected.clear();
        }
        for (const each of ids) {
          if (op === 'Remove') {
            expected.delete(each);
          } else {
            expected.add(each);
          }
        }
        return { op, path: 'members', value: values(ids) };
      });
      const was = await membersOf(id);
      expect((await send('PATCH', `/Groups/${id}`, patch(...sent))).status).toBe(204);
      const after = await directory.get(`/scim/v2/Groups/${id}`);
      expect(await membersOf(id)).toEqual([...expected].sort());
      const isChanged = JSON.stringify(was) !== JSON.stringify([...expected].sort());
      expect(after.headers.get('etag') !== before.headers.get('etag')).toBe(isChanged);
    }),
    { numRuns: 15 },
  );
});

describe('members', () => {
  test('of another organization are as nobody’s, and neither is put in', async () => {
    const other = await newTenant(app);
    const id = await made();
    const replies = await Promise.all(
      [other.owner.id, randomUUID(), 'nobody'].map((value) =>
        send(
          'PATCH',
          `/Groups/${id}`,
          patch({ op: 'add', path: 'members', value: [{ value: people[0] }, { value }] }),
        ),
      ),
    );
    for (const { status, body } of replies) {
      expect([status, body]).toEqual([400, replies[0]?.body]);
    }
    expect(await membersOf(id)).toEqual([]);
    const stranger = await directoryOf(app, other);
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { displayName: 'Mine' }],
      ['PATCH', patch({ op: 'Remove', path: 'members' })],
      ['DELETE', undefined],
    ] as const) {
      const foreign = await send(method, `/Groups/${id}`, body, stranger);
      const absent = await send(method, `/Groups/${randomUUID()}`, body, stranger);
      expect([method, foreign.status, foreign.body]).toEqual([method, 404, absent.body]);
    }
    expect((await stranger.get('/scim/v2/Groups')).body.totalResults).toBe(0);
  });

  test('who is taken out of the organization is in no group any more', async () => {
    const { body } = await send('POST', '/Users', { userName: `${unique('leaver')}@example.com` });
    const id = await made([body.id]);
    const before = (await directory.get(`/scim/v2/Groups/${id}`)).headers.get('etag');
    await send('PATCH', `/Users/${body.id}`, patch({ op: 'replace', value: { active: false } }));
    expect(await membersOf(id)).toEqual([body.id]);
    await send('DELETE', `/Users/${body.id}`);
    const after = await directory.get(`/scim/v2/Groups/${id}`);
    expect([after.body.members, after.headers.get('etag') === before]).toEqual([[], false]);
  });

  test('ten thousand are taken in one request, and one more is refused', async () => {
    const own = await newTenant(app);
    const client = await directoryOf(app, own);
    await app.superuser.query(
      `with made as (
         insert into users (id, org_id, email, username)
         select gen_random_uuid(), $1, 'm' || n || '-' || $2 || '@example.com', 'm' || n || '-' || $2 from generate_series(1, 10000) n
         returning id
       )
       insert into organization_memberships (org_id, user_id, role) select $1, id, 'member' from made`,
      [own.orgId, unique('x')],
    );
    const { rows } = await app.superuser.query<{ user_id: string }>(
      `select user_id from organization_memberships where org_id = $1 and user_id <> $2`,
      [own.orgId, own.owner.id],
    );
    const all = rows.map(({ user_id }) => user_id);
    const { body } = await send('POST', '/Groups', { displayName: 'Everybody' }, client);
    const add = (ids: readonly string[]) =>
      send('PATCH', `/Groups/${body.id}`, patch({ op: 'Add', path: 'members', value: values(ids) }), client);
    expect((await add([...all, own.owner.id])).status).toBe(400);
    const added = await add(all);
    expect(added.status, JSON.stringify(added.body)).toBe(204);
    const read = await client.get(`/scim/v2/Groups/${body.id}`);
    expect(read.status, JSON.stringify(read.body).slice(0, 500)).toBe(200);
    expect(read.body.members.length).toBe(10_000);
  });
});

test.each([
  ['POST', {}, 'invalidValue'],
  ['POST', { displayName: 'x', members: [{}] }, 'invalidValue'],
  ['PATCH', patch({ op: 'add', path: 'members[value eq "1"]', value: [] }), 'noTarget'],
  ['PATCH', patch({ op: 'remove', path: 'members[type eq "User"]' }), 'invalidPath'],
  ['PATCH', patch({ op: 'remove', path: 'displayName' }), 'mutability'],
  ['PATCH', patch({ op: 'replace', path: 'favourite', value: 1 }), 'invalidPath'],
  ['PATCH', patch({ op: 'replace', path: 'id', value: '1' }), 'mutability'],
] as const)('%s %j is refused', async (method, body, scimType) => {
  const id = await made([people[0] ?? '']);
  const reply = await send(method, method === 'POST' ? '/Groups' : `/Groups/${id}`, body);
  expect([reply.status, reply.body.scimType]).toEqual([400, scimType]);
  expect((await entriesOf(id)).length).toBe(1);
});

test('a filter that groups do not have is refused', async () => {
  for (const filter of ['description eq "x"', 'displayName sw "x"', 'displayName eq true']) {
    const reply = await find(filter);
    expect([filter, reply.status, reply.body.scimType]).toEqual([filter, 400, 'invalidFilter']);
  }
});

test('a change of a group that comes too late is refused', async () => {
  const id = await made();
  const etag = (await directory.get(`/scim/v2/Groups/${id}`)).headers.get('etag') ?? '';
  const options = { headers: { ...ofScim.headers, 'if-match': etag } };
  const body = patch({ op: 'replace', path: 'externalId', value: unique('g') });
  const path = `/scim/v2/Groups/${id}`;
  expect((await directory.send('PATCH', path, body, options)).status).toBe(204);
  expect((await directory.send('PATCH', path, body, options)).status).toBe(412);
});

describe('a group that is mapped', () => {
  test('gives its members a role in a team, by its name or its id in the directory, and takes it with the group', async () => {
    const own = await newTenant(app);
    const client = await directoryOf(app, own);
    const teamId = await own.team();
    const { email } = await own.person('viewer');
    const person = (await client.get(`/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`))
      .body.Resources[0].id;
    const roleOf = async () =>
      (
        await app.superuser.query('select role from team_memberships where team_id = $1 and user_id = $2', [
          teamId,
          person,
        ])
      ).rows[0]?.role;
    const map = (external_group: string, role: string) =>
      own.owner.client.post(`/organizations/${own.orgId}/group-mappings`, {
        external_group,
        team_id: teamId,
        role,
      });
    expect((await map('sre', 'member')).status).toBe(201);
    expect((await map('00g-leads', 'admin')).status).toBe(201);
    const group = await send('POST', '/Groups', { displayName: 'sre', members: [{ value: person }] }, client);
    expect([group.status, await roleOf()]).toEqual([201, 'member']);
    const leads = await send('POST', '/Groups', { displayName: 'Leads', externalId: '00g-leads' }, client);
    await send(
      'PATCH',
      `/Groups/${leads.body.id}`,
      patch({ op: 'Add', path: 'members', value: values([person]) }),
      client,
    );
    expect(await roleOf()).toBe('admin');
    await send('DELETE', `/Groups/${leads.body.id}`, undefined, client);
    expect(await roleOf()).toBe('member');
    await send(
      'PATCH',
      `/Groups/${group.body.id}`,
      patch({ op: 'replace', value: { displayName: 'other' } }),
      client,
    );
    expect(await roleOf()).toBeUndefined();
    await send(
      'PATCH',
      `/Groups/${group.body.id}`,
      patch({ op: 'replace', value: { displayName: 'sre' } }),
      client,
    );
    expect(await roleOf()).toBe('member');

    const other = await newTenant(app);
    await app.superuser.query(
      `insert into organization_memberships (org_id, user_id, role) values ($1, $2, 'member')`,
      [other.orgId, person],
    );
    const active = (value: boolean) => patch({ op: 'replace', value: { active: value } });
    await send('PATCH', `/Users/${person}`, active(false), client);
    expect(await roleOf()).toBeUndefined();
    await send('PATCH', `/Users/${person}`, active(true), client);
    expect(await roleOf()).toBe('member');
    const { rows } = await app.superuser.query(
      `select role from organization_memberships where org_id = $1 and user_id = $2`,
      [own.orgId, person],
    );
    expect(rows).toEqual([{ role: 'member' }]);
  });
});
