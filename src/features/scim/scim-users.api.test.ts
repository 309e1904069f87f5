import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client, Reply } from '../../../test/harness/client.ts';
import { directoryOf, ofScim } from '../../../test/harness/directory.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let directory: Client;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  directory = await directoryOf(app, tenant);
});
afterAll(() => app[Symbol.asyncDispose]());

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const patch = (...Operations: object[]) => ({ schemas: [patchUrn], Operations });
const typeOf = ({ headers }: Reply) => headers.get('content-type')?.split(';')[0];
const find = (filter: string) => directory.get(`/scim/v2/Users?filter=${encodeURIComponent(filter)}`);
const send = (method: string, path: string, body: unknown) =>
  directory.send(method, `/scim/v2${path}`, body, ofScim);
const entriesOf = async (id: string) =>
  (
    await app.superuser.query(
      'select action, before, after, api_key_id from audit_events where resource_id = $1 order by occurred_at',
      [id],
    )
  ).rows;
const accountOf = async (id: string) =>
  (await app.superuser.query('select * from users where id = $1', [id])).rows[0];

async function made(fields: object = {}) {
  const userName = `${unique('ada')}@example.com`;
  const reply = await send('POST', '/Users', { schemas: [userUrn], userName, ...fields });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body as { id: string; userName: string };
}

describe('as Entra sends', () => {
  test('a connection is tested by looking for a user whom nobody knows', async () => {
    const reply = await find(`userName eq "${unique('nobody')}"`);
    expect([reply.status, typeOf(reply)]).toEqual([200, 'application/scim+json']);
    expect(reply.body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  test('a person comes, is renamed, deactivated, comes back and is removed', async () => {
    const name = unique('grace');
    const created = await send('POST', '/Users?aadOptscim062020', {
      schemas: [userUrn, enterprise],
      externalId: name,
      userName: `${name}@example.com`,
      active: true,
      emails: [{ primary: true, type: 'work', value: `${name}@example.com` }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Grace Hopper', familyName: 'Hopper', givenName: 'Grace' },
      roles: [],
      [enterprise]: { department: 'Navy' },
    });
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const { id } = created.body;
    expect(created.headers.get('location')).toBe(`/scim/v2/Users/${id}`);
    expect(created.headers.get('etag')).toBe(created.body.meta.version);
    expect(await accountOf(id)).toMatchObject({
      email: `${name}@example.com`,
      full_name: 'Grace Hopper',
      is_active: true,
      password_hash: null,
      verified_email: null,
    });

    const renamed = await send(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'Replace', path: 'userName', value: `${name}.murray@example.com` },
        { op: 'Replace', path: 'name.familyName', value: 'Murray' },
        { op: 'Add', path: 'emails[type eq "work"].value', value: `${name}.murray@example.com` },
        { op: 'Add', path: `${enterprise}:department`, value: 'Research' },
        { op: 'Replace', path: 'displayName', value: 'Grace Murray' },
      ),
    );
    expect(renamed.status, JSON.stringify(renamed.body)).toBe(200);
    expect(renamed.body).toMatchObject({
      userName: `${name}.murray@example.com`,
      name: { givenName: 'Grace', familyName: 'Murray' },
      emails: [{ type: 'work', primary: true, value: `${name}.murray@example.com` }],
    });
    expect(await accountOf(id)).toMatchObject({
      email: `${name}.murray@example.com`,
      full_name: 'Grace Murray',
    });

    for (const [value, active] of [
      ['False', false],
      ['True', true],
      ['False', false],
    ] as const) {
      const reply = await send('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value }));
      expect([reply.status, reply.body.active]).toEqual([200, active]);
      expect((await accountOf(id)).is_active).toBe(active);
    }
    expect((await find(`externalId eq "${name}" and active eq false`)).body.totalResults).toBe(1);

    expect((await send('DELETE', `/Users/${id}`, undefined)).status).toBe(204);
    expect((await directory.get(`/scim/v2/Users/${id}`)).status).toBe(404);
    expect((await accountOf(id)).deleted_at).not.toBeNull();
    const entries = await entriesOf(id);
    expect(entries.map(({ action }) => action)).toEqual([
      'scim_user.created',
      ...Array.from({ length: 4 }, () => 'scim_user.updated'),
      'scim_user.deleted',
    ]);
    expect(entries.every(({ api_key_id }) => api_key_id !== null)).toBe(true);

    const again = await made({ userName: `${name}@example.com`, externalId: name });
    expect(again.id).not.toBe(id);
  });

  test('with its switch it replaces without a path, by names with dots and schemas', async () => {
    const { id } = await made();
    const reply = await send(
      'PATCH',
      `/Users/${id}`,
      patch({
        op: 'replace',
        value: {
          displayName: 'Ada L.',
          'name.givenName': 'Ada',
          'name.familyName': 'Lovelace',
          [`${enterprise}:employeeNumber`]: '42',
          [`${userUrn}:externalId`]: 'e-1',
        },
      }),
    );
    expect(reply.body).toMatchObject({
      displayName: 'Ada L.',
      externalId: 'e-1',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
    });
  });
});

describe('as Okta sends', () => {
  test('a person is made, replaced as a whole and deactivated either way', async () => {
    const userName = `${unique('okta')}@example.com`;
    const body = {
      schemas: [userUrn],
      userName,
      name: { givenName: 'Test', familyName: 'User' },
      emails: [{ primary: true, value: userName, type: 'work' }],
      displayName: 'Test User',
      locale: 'en-US',
      externalId: '00ujl29u0le5T6Aj10h7',
      groups: [],
      password: '1mz050nq',
      active: true,
    };
    const created = await send('POST', '/Users', body);
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const { id } = created.body;
    expect(JSON.stringify(created.body)).not.toContain('1mz050nq');
    expect((await accountOf(id)).password_hash).toBeNull();

    const twice = await send('POST', '/Users', body);
    expect([twice.status, twice.body.scimType, twice.body.status]).toEqual([409, 'uniqueness', '409']);
    expect((await find(`userName eq "${userName.toUpperCase()}"`)).body.Resources[0].id).toBe(id);

    const current = (await directory.get(`/scim/v2/Users/${id}`)).body;
    const renamed = await send('PUT', `/Users/${id}`, {
      ...current,
      name: { givenName: 'Another', familyName: 'User' },
      displayName: 'Another User',
    });
    expect([renamed.status, renamed.body.name.givenName]).toEqual([200, 'Another']);
    const off = await send('PUT', `/Users/${id}`, { ...renamed.body, active: false });
    expect([off.status, off.body.active, (await accountOf(id)).is_active]).toEqual([200, false, false]);
    const silent = await send('PUT', `/Users/${id}`, { ...renamed.body, active: undefined });
    expect([silent.status, silent.body.active]).toEqual([200, false]);
    const on = await send('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: true } }));
    expect([on.status, on.body.active]).toEqual([200, true]);
  });

  test('pages of a hundred give everybody once, as whole numbers', async () => {
    const own = await newTenant(app);
    const client = await directoryOf(app, own);
    await Promise.all([own.person('member'), own.person('viewer'), own.person('admin')]);
    const first = (await client.get('/scim/v2/Users?startIndex=1&count=3')).body;
    const second = (await client.get('/scim/v2/Users?startIndex=4&count=100')).body;
    expect([first.totalResults, first.itemsPerPage, second.itemsPerPage, second.startIndex]).toEqual([
      4, 3, 1, 4,
    ]);
    const ids = [...first.Resources, ...second.Resources].map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(4);
    expect((await client.get('/scim/v2/Users?count=0')).body).toMatchObject({
      totalResults: 4,
      Resources: [],
    });
    expect((await client.get('/scim/v2/Users?startIndex=-5&count=-1')).body.itemsPerPage).toBe(0);
  });
});

describe('a person who belongs to another organization, too', () => {
  async function withTwoHomes() {
    const user = await made();
    const other = await newTenant(app);
    await app.superuser.query(
      `insert into organization_memberships (org_id, user_id, role) values ($1, $2, 'member')`,
      [other.orgId, user.id],
    );
    return { user, other };
  }
  const memberships = async (id: string) =>
    (
      await app.superuser.query(
        'select org_id from organization_memberships where user_id = $1 and removed_at is null',
        [id],
      )
    ).rows.map(({ org_id }) => org_id);

  test('is deactivated in this one alone, and let in again', async () => {
    const { user, other } = await withTwoHomes();
    const off = await send('PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active: false } }));
    expect([off.status, off.body.active]).toEqual([200, false]);
    expect(await memberships(user.id)).toEqual([other.orgId]);
    expect((await accountOf(user.id)).is_active).toBe(true);
    expect((await find(`userName eq "${user.userName}"`)).body.Resources).toMatchObject([
      { id: user.id, active: false },
    ]);
    const renamed = await send(
      'PATCH',
      `/Users/${user.id}`,
      patch({ op: 'replace', path: 'displayName', value: 'A' }),
    );
    expect([renamed.body.displayName, renamed.body.active]).toEqual(['A', false]);
    const twice = await send('POST', '/Users', { userName: user.userName });
    expect([twice.status, twice.body.scimType]).toEqual([409, 'uniqueness']);

    const on = await send(
      'PATCH',
      `/Users/${user.id}`,
      patch({ op: 'Replace', path: 'active', value: 'True' }),
    );
    expect([on.status, on.body.active]).toEqual([200, true]);
    expect((await memberships(user.id)).sort()).toEqual([other.orgId, tenant.orgId].sort());
  });

  test('keeps name and address, whatever this one’s directory says', async () => {
    const { user } = await withTwoHomes();
    const before = await accountOf(user.id);
    const address = `${unique('elsewhere')}@example.com`;
    const reply = await send('PUT', `/Users/${user.id}`, { userName: address, displayName: 'Somebody else' });
    expect([reply.status, reply.body.userName]).toEqual([200, address]);
    expect(await accountOf(user.id)).toMatchObject({ email: before.email, full_name: before.full_name });
  });

  test('is taken out of this one alone by DELETE', async () => {
    const { user, other } = await withTwoHomes();
    expect((await send('DELETE', `/Users/${user.id}`, undefined)).status).toBe(204);
    expect([await memberships(user.id), (await accountOf(user.id)).deleted_at]).toEqual([
      [other.orgId],
      null,
    ]);
  });

  test('with an account already is not made a member, and nothing is told beyond that', async () => {
    const stranger = await newTenant(app);
    const reply = await send('POST', '/Users', { userName: stranger.owner.email });
    expect([reply.status, reply.body.scimType]).toEqual([409, 'uniqueness']);
    expect(JSON.stringify(reply.body)).not.toContain(stranger.owner.id);
  });
});

test('an address that its person proved stays theirs', async () => {
  const { id, userName } = await made();
  await app.superuser.query('update users set verified_email = email where id = $1', [id]);
  const reply = await send('PUT', `/Users/${id}`, {
    userName: `${unique('new')}@example.com`,
    displayName: 'New',
  });
  expect(reply.status).toBe(200);
  expect(await accountOf(id)).toMatchObject({ email: userName, full_name: 'New' });
});

test('members whom no directory made are found, and taken over by it', async () => {
  const person = await tenant.person('member');
  const { body } = await find(
    `userName eq "${person.email}" and emails[type eq "work"].value eq "${person.email}"`,
  );
  expect(body.Resources).toMatchObject([{ id: person.id, userName: person.email, active: true }]);
  const adopted = await send(
    'PATCH',
    `/Users/${person.id}`,
    patch({ op: 'add', path: 'externalId', value: 'x-1' }),
  );
  expect(adopted.body.externalId).toBe('x-1');
  expect((await find('externalId eq "x-1"')).body.Resources).toMatchObject([{ id: person.id }]);
  expect((await find('externalId eq "X-1"')).body.totalResults).toBe(0);
});

describe('owners and admins', () => {
  test('the last owner stays, and a directory of an admin touches no owner', async () => {
    const own = await newTenant(app);
    const client = await directoryOf(app, own);
    const off = patch({ op: 'replace', value: { active: false } });
    const last = await client.send('PATCH', `/scim/v2/Users/${own.owner.id}`, off);
    expect([last.status, last.body.detail]).toEqual([400, expect.stringContaining('last owner')]);
    const account = await own.owner.client.post(`/organizations/${own.orgId}/service-accounts`, {
      name: 'Directory',
      team_id: own.teamId,
    });
    const key = await own.owner.client.post(`/organizations/${own.orgId}/api-keys`, {
      name: 'Directory',
      scopes: ['scim:write'],
      service_account_id: account.body.id,
    });
    expect(key.status, JSON.stringify(key.body)).toBe(201);
    const service = app.clientOf(key.body.key);
    expect((await service.send('PATCH', `/scim/v2/Users/${own.owner.id}`, off)).status).toBe(403);
    expect((await service.delete(`/scim/v2/Users/${own.owner.id}`)).status).toBe(403);
    const admin = await own.person('admin');
    expect((await service.send('PATCH', `/scim/v2/Users/${admin.id}`, off)).body.active).toBe(false);
    expect((await service.get(`/scim/v2/Users/${account.body.id}`)).status).toBe(404);
  });
});

describe('versions', () => {
  test('a change that comes too late is refused, and one that changes nothing leaves no trace', async () => {
    const { id } = await made();
    const first = await directory.get(`/scim/v2/Users/${id}`);
    const etag = first.headers.get('etag') ?? '';
    const body = patch({ op: 'replace', path: 'displayName', value: 'One' });
    const headers = { ...ofScim.headers, 'if-match': etag };
    const changed = await directory.send('PATCH', `/scim/v2/Users/${id}`, body, { headers });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    const late = await directory.send('PATCH', `/scim/v2/Users/${id}`, body, { headers });
    expect([late.status, late.body.status]).toEqual([412, '412']);
    const same = await send('PATCH', `/Users/${id}`, body);
    expect(same.headers.get('etag')).toBe(changed.headers.get('etag'));
    expect((await entriesOf(id)).length).toBe(2);
    const gone = await directory.delete(`/scim/v2/Users/${id}`, { headers: { 'if-match': etag } });
    expect(gone.status).toBe(412);
  });

  test('attributes are answered as they are asked for', async () => {
    const { id } = await made({ displayName: 'Ada' });
    const some = await directory.get(`/scim/v2/Users/${id}?attributes=DISPLAYNAME,emails.value`);
    expect(Object.keys(some.body).sort()).toEqual(['displayName', 'id', 'schemas']);
    const most = await directory.get(`/scim/v2/Users/${id}?excludedAttributes=meta,id`);
    expect(Object.keys(most.body).sort()).toEqual(['active', 'displayName', 'id', 'schemas', 'userName']);
  });
});

describe('what is refused', () => {
  test.each([
    ['POST', '/Users', {}, 'invalidValue'],
    ['POST', '/Users', { userName: 'no-address' }, 'invalidValue'],
    ['POST', '/Users', { userName: 7 }, 'invalidValue'],
    ['POST', '/Users', { userName: 'a@b.example', emails: [{ value: 'none' }] }, 'invalidValue'],
    ['POST', '/Users', [], 'invalidSyntax'],
    ['POST', '/Users', '{"userName":', 'invalidSyntax'],
    ['PATCH', '/Users/:id', {}, 'invalidSyntax'],
    ['PATCH', '/Users/:id', patch({ op: 'move', path: 'active' }), 'invalidSyntax'],
    ['PATCH', '/Users/:id', patch({ op: 'replace', path: 'favourite', value: 1 }), 'invalidPath'],
    ['PATCH', '/Users/:id', patch({ op: 'replace', path: 'emails[', value: 1 }), 'invalidPath'],
    ['PATCH', '/Users/:id', patch({ op: 'replace', path: 'id', value: 'x' }), 'mutability'],
    ['PATCH', '/Users/:id', patch({ op: 'remove', path: 'userName' }), 'mutability'],
    ['PATCH', '/Users/:id', patch({ op: 'remove' }), 'noTarget'],
    ['PATCH', '/Users/:id', patch({ op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue'],
    ['GET', '/Users?filter=userName co "a"', undefined, 'invalidFilter'],
    ['GET', '/Users?filter=title eq "a"', undefined, 'invalidFilter'],
    ['GET', '/Users?filter=active eq "perhaps"', undefined, 'invalidFilter'],
    ['GET', '/Users?count=ten', undefined, 'invalidSyntax'],
  ] as const)('%s %s %j', async (method, path, body, scimType) => {
    const { id } = await made();
    const before = await entriesOf(id);
    const reply = await send(method, encodeURI(path.replace(':id', id)), body);
    expect([reply.status, reply.body.scimType, typeOf(reply)]).toEqual([
      400,
      scimType,
      'application/scim+json',
    ]);
    expect(await entriesOf(id)).toEqual(before);
  });

  test('everything is told in the words of SCIM, paths that are not there too', async () => {
    for (const [method, path, status] of [
      ['GET', '/scim/v2/Nothing', 404],
      ['GET', '/scim/v2/Users/not-an-id', 404],
      ['PUT', '/scim/v2/Users', 405],
      ['POST', '/scim/v2/Bulk', 501],
    ] as const) {
      const reply = await directory.send(method, path, method === 'GET' ? undefined : {});
      expect([path, reply.status, reply.body.status]).toEqual([path, status, String(status)]);
      expect(reply.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    }
    const wrongType = await directory.send('POST', '/scim/v2/Users', '<user/>', {
      headers: { 'content-type': 'text/xml' },
    });
    expect([wrongType.status, wrongType.body.detail]).toEqual([415, expect.stringContaining('scim+json')]);
    const ofTheApi = await tenant.owner.client.post('/organizations', {}, ofScim);
    expect(ofTheApi.status).toBe(415);
  });

  test('the service says what it can do, and by which names', async () => {
    const config = (await directory.get('/scim/v2/ServiceProviderConfig')).body;
    expect([config.patch.supported, config.bulk.supported, config.filter]).toEqual([
      true,
      false,
      { supported: true, maxResults: 200 },
    ]);
    for (const list of ['ResourceTypes', 'Schemas']) {
      const { body } = await directory.get(`/scim/v2/${list}`);
      for (const { id, meta } of body.Resources) {
        expect((await directory.get(meta.location)).body.id).toBe(id);
      }
    }
    expect((await directory.get('/scim/v2/Schemas/urn:none')).status).toBe(404);
  });
});

describe('who may', () => {
  test('a key for it alone, of an admin, and no login', async () => {
    const paths = app.app.scimRoutes.map(
      ({ method, url }) => [method, `/scim/v2${url.replace(':id', tenant.owner.id)}`] as const,
    );
    const other = await keyOf(app.superuser, {
      orgId: tenant.orgId,
      userId: tenant.owner.id,
      scopes: ['organization:read', 'audit:read'],
    });
    const member = await tenant.person('member');
    const ofMember = await keyOf(app.superuser, {
      orgId: tenant.orgId,
      userId: member.id,
      scopes: ['scim:write'],
    });
    for (const [method, path] of paths) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const statuses = await Promise.all(
        [app.clientOf(other.key), app.clientOf(ofMember.key), tenant.owner.client, app.anonymous].map(
          async (client) => (await client.send(method, path, body)).status,
        ),
      );
      expect([method, path, statuses]).toEqual([method, path, [403, 403, 403, 401]]);
    }
  });

  test('such a key opens nothing else, and is made by admins, alone, for the whole organization', async () => {
    for (const path of ['/auth/me', '/auth/whoami', '/incidents/x', `/organizations/${tenant.orgId}`]) {
      expect((await directory.get(path)).status).toBe(403);
    }
    const { orgId, owner, teamId } = tenant;
    const make = (client: Client, fields: object) =>
      client.post(`/organizations/${orgId}/api-keys`, {
        name: 'Directory',
        scopes: ['scim:write'],
        ...fields,
      });
    expect((await make(owner.client, {})).status).toBe(201);
    expect((await make(owner.client, { scopes: ['scim:write', 'audit:read'] })).status).toBe(422);
    expect((await make(owner.client, { team_ids: [teamId] })).status).toBe(422);
    const admin = await tenant.person('admin');
    expect((await make(admin.client, { team_ids: [teamId] })).body.code).toBe('api_key.exceeds_creator');
  });

  test('only in its own organization: another one’s people are as if they were not there', async () => {
    const other = await newTenant(app);
    const person = await other.person('member');
    const absent = '01890a5d-ac98-72e0-8f05-1c9b7a3d4e26';
    const bodies: Record<string, unknown> = {
      PUT: { userName: 'x@example.com' },
      PATCH: patch({ op: 'replace', value: { active: false } }),
    };
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const foreign = await send(method, `/Users/${person.id}`, bodies[method]);
      const nobody = await send(method, `/Users/${absent}`, bodies[method]);
      expect([method, foreign.status, foreign.body]).toEqual([method, 404, nobody.body]);
    }
    expect((await find(`id eq "${person.id}"`)).body.totalResults).toBe(0);
    expect((await find(`userName eq "${person.email}"`)).body.totalResults).toBe(0);
  });
});

test('a retry with an Idempotency-Key makes one', async () => {
  const body = { userName: `${unique('once')}@example.com` };
  const headers = { ...ofScim.headers, 'idempotency-key': unique('try') };
  const [one, two] = [
    await directory.send('POST', '/scim/v2/Users', body, { headers }),
    await directory.send('POST', '/scim/v2/Users', body, { headers }),
  ];
  expect([one.status, two.status, two.body.id]).toEqual([201, 201, one.body.id]);
  expect(two.headers.get('idempotency-replayed')).toBe('true');
});
