import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
let tenant: Tenant;
let owner: Person;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  ({ owner } = tenant);
});
afterAll(() => app[Symbol.asyncDispose]());

const send = (fields: object = {}, by = owner) =>
  by.client.post(`/organizations/${tenant.orgId}/configs`, {
    name: unique('Layer'),
    layer: 'organization',
    ...fields,
  });
const create = async (fields: object = {}, by = owner) => {
  const { status, body } = await send(fields, by);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const facts = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

describe('a configuration', () => {
  test('is made as a draft, with a version and an entry in the audit trail', async () => {
    const reply = await send({ description: 'Ours', priority: 7, config: { model: 'large' } });
    const { id } = reply.body;
    expect([reply.status, reply.headers.get('location'), reply.headers.get('etag')]).toEqual([
      201,
      `/api/v1/configs/${id}`,
      '"1"',
    ]);
    expect(reply.body).toMatchObject({
      org_id: tenant.orgId,
      organization_id: tenant.orgId,
      layer: 'organization',
      team_id: null,
      match: null,
      state: 'draft',
      priority: 7,
      version: 1,
      created_by: owner.id,
    });
    expect((await owner.client.get(`/configs/${id}`)).body).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      { action: 'config.created', resource_id: id, before: null, after: reply.body, actor_id: owner.id },
    ]);
  });

  test('goes from draft to active, deprecated and archived, and no other way', async () => {
    const { id } = await create();
    const path = `/configs/${id}`;
    const go = (verb: string) => owner.client.post(`${path}/${verb}`);
    expect(facts(await go('deprecate'))).toEqual([409, 'config.not_active']);
    const published = await go('publish');
    expect([published.status, published.body.state, published.body.version]).toEqual([200, 'active', 2]);
    expect(await auditOf(app.superuser, published)).toMatchObject([
      { action: 'config.published', before: { state: 'draft' }, after: { state: 'active' } },
    ]);
    expect(facts(await go('publish'))).toEqual([409, 'config.not_draft']);
    expect((await go('deprecate')).body.state).toBe('deprecated');
    expect((await go('archive')).body.state).toBe('archived');
    expect(facts(await go('archive'))).toEqual([409, 'config.archived']);
    expect(facts(await owner.client.put(path, { priority: 1 }))).toEqual([409, 'config.archived']);
    expect(facts(await owner.client.post(`${path}/rollback`, { to: 1 }))).toEqual([409, 'config.archived']);
    const { items } = (await owner.client.get(`${path}/versions`)).body;
    expect(
      items.map(({ change, state }: { change: string; state: string }) => `${change}: ${state}`),
    ).toEqual(['archived: archived', 'deprecated: deprecated', 'published: active', 'created: draft']);
  });

  test('is deleted with its name free again, and restored as it was', async () => {
    const made = await create({ config: { a: 1 } });
    const path = `/configs/${made.id}`;
    await owner.client.post(`${path}/publish`);
    const deleted = await owner.client.delete(path, { headers: { 'if-match': '"2"' } });
    expect(deleted.status).toBe(204);
    expect(await auditOf(app.superuser, deleted)).toMatchObject([
      { action: 'config.deleted', before: { state: 'active' }, after: null },
    ]);
    expect(facts(await owner.client.get(path))).toEqual([404, 'config.not_found']);
    expect((await owner.client.get(`${path}?include_deleted=true`)).body.deleted_by).toBe(owner.id);
    const other = await create({ name: made.name });
    expect(facts(await owner.client.post(`${path}/restore`))).toEqual([409, 'config.exists']);
    await owner.client.delete(`/configs/${other.id}`);
    const restored = await owner.client.post(`${path}/restore`);
    expect(restored.body).toMatchObject({ state: 'active', version: 4, deleted_at: null, config: { a: 1 } });
    expect(facts(await owner.client.post(`${path}/restore`))).toEqual([409, 'config.not_deleted']);
  });

  test('that is changed to what it is already leaves no trace; a stale If-Match is refused', async () => {
    const { id, config } = await create({ config: { a: { b: 1 } } });
    const path = `/configs/${id}`;
    expect((await owner.client.put(path, { config })).body.version).toBe(1);
    expect((await owner.client.put(path, { config: { a: 2 } })).body.version).toBe(2);
    const headers = { 'if-match': '"1"' };
    for (const [verb, body] of [
      ['publish', undefined],
      ['archive', undefined],
      ['rollback', { to: 1 }],
    ] as const) {
      const stale = await owner.client.post(`${path}/${verb}`, body, { headers });
      expect([...facts(stale), stale.headers.get('etag')]).toEqual([412, 'precondition.stale', '"2"']);
    }
    const once = { headers: { 'if-match': '"2"', 'idempotency-key': unique('k') } };
    const [first, again] = [
      await owner.client.post(`${path}/publish`, undefined, once),
      await owner.client.post(`${path}/publish`, undefined, once),
    ];
    expect([first.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      200,
      first.body,
      'true',
    ]);
  });
});

describe('versions of a configuration', () => {
  test('say what changed, and are current again by a rollback', async () => {
    const { id } = await create({ config: { model: 'small', tools: ['logs'] } });
    const path = `/configs/${id}`;
    await owner.client.put(path, { priority: 3, config: { model: 'large', tools: ['logs', 'traces'] } });
    expect((await owner.client.get(`${path}/diff`)).body).toEqual({
      config_id: id,
      from: 1,
      to: 2,
      patch: expect.arrayContaining([
        { op: 'replace', path: '/priority', value: 3 },
        { op: 'replace', path: '/config/model', value: 'large' },
        { op: 'add', path: '/config/tools/1', value: 'traces' },
      ]),
    });
    const back = await owner.client.post(`${path}/rollback`, { to: 1 });
    expect([back.status, back.headers.get('location')]).toEqual([201, `/api/v1/configs/${id}/versions/3`]);
    expect(back.body).toMatchObject({
      priority: 0,
      config: { model: 'small', tools: ['logs'] },
      version: 3,
      state: 'draft',
    });
    expect((await owner.client.get(`${path}/diff?from=1&to=3`)).body.patch).toEqual([]);
    expect(facts(await owner.client.post(`${path}/rollback`, { to: 1 }))).toEqual([
      409,
      'config.already_current',
    ]);
    for (const missing of [`${path}/diff?from=9`, `${path}/versions/9`]) {
      expect(facts(await owner.client.get(missing))).toEqual([404, 'config.version_not_found']);
    }
  });

  test('show no secret, say that one changed, and keep it where its mask is sent back', async () => {
    const canary = unique('canary');
    const { id } = await create({ config: { api_key: 'first', nested: [{ password: canary }] } });
    const path = `/configs/${id}`;
    await owner.client.put(path, { config: { api_key: canary, nested: [{ password: '[masked]' }] } });
    const shown = await Promise.all(
      ['', '/versions/2', '/versions?include=snapshot', '/diff', `?include_deleted=true`].map(
        async (rest) => (await owner.client.get(`${path}${rest}`)).body,
      ),
    );
    expect(JSON.stringify(shown)).not.toContain(canary);
    expect(shown[3].patch).toEqual([{ op: 'replace', path: '/config/api_key', value: '[masked]' }]);
    const { config } = (await owner.client.get(`${path}?include=secrets`)).body;
    expect(config).toEqual({ api_key: canary, nested: [{ password: canary }] });
    const member = await tenant.person('member');
    expect(facts(await member.client.get(`${path}?include=secrets`))).toEqual([403, 'auth.forbidden']);
  });
});

describe('what is refused by name', () => {
  const refusals: readonly [string, object, string][] = [
    ['a team where none belongs', { team_id: '01890a5d-ac97-7c31-9a4e-5d1f0b6e2c14' }, '/team_id'],
    ['no team in the layer team', { layer: 'team' }, '/team_id'],
    ['no patterns in the layer alert', { layer: 'alert' }, '/match'],
    ['patterns where none belong', { match: { name: 'a' } }, '/match'],
    ['no pattern at all', { layer: 'alert', match: {} }, '/match'],
    [
      'a pattern of JavaScript',
      { layer: 'alert', match: { labels: { 'a/b': '(?=x)' } } },
      '/match/labels/a~1b',
    ],
    ['too much', { config: { text: 'x'.repeat(65_536) } }, '/config'],
    ['the layer of agents', { layer: 'agent' }, '/layer'],
    ['a priority beyond the bound', { priority: 1001 }, '/priority'],
  ];
  test.each(refusals)('%s', async (_, fields, pointer) => {
    const reply = await send(fields);
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });

  test('numbers that could not come back as they were sent', async () => {
    for (const number of ['9007199254740993', '1e400']) {
      const body = `{"name": "n", "layer": "global", "config": {"n": [${number}]}}`;
      const reply = await owner.client.post(`/organizations/${tenant.orgId}/configs`, body);
      expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/config/n/0' }]]);
    }
  });

  test('more than an organization may have, and more than it may say in all', async () => {
    const other = await newTenant(app);
    const fill = (count: number, weight: number) =>
      app.superuser.query(
        `insert into configs (org_id, id, layer, name, weight) select $1, gen_random_uuid(), 'global', 'n' || n, $3
         from generate_series(1, $2::int) n`,
        [other.orgId, count, weight],
      );
    const path = `/organizations/${other.orgId}/configs`;
    const small = { name: 'Small', layer: 'organization', config: { a: 1 } };
    await fill(16, 262_144);
    expect(facts(await other.owner.client.post(path, small))).toEqual([
      409,
      'organization.config_limit_reached',
    ]);
    await app.superuser.query('update configs set weight = 0 where org_id = $1', [other.orgId]);
    const made = await other.owner.client.post(path, small);
    expect(made.status).toBe(201);
    await app.superuser.query(`update configs set name = 'o' || name where org_id = $1`, [other.orgId]);
    await fill(983, 0);
    expect(facts(await other.owner.client.post(path, { ...small, name: 'One more' }))).toEqual([
      409,
      'organization.config_limit_reached',
    ]);
    await other.owner.client.delete(`/configs/${made.body.id}`);
    expect((await other.owner.client.post(path, { ...small, name: 'One more' })).status).toBe(201);
    expect(facts(await other.owner.client.post(`/configs/${made.body.id}/restore`))).toEqual([
      409,
      'organization.config_limit_reached',
    ]);
  });
});

test('whoever may not change a configuration is not told what is wrong with the change', async () => {
  const { id } = await create({ layer: 'alert', match: { name: 'a' } });
  const member = await tenant.person('member');
  const reply = await member.client.put(`/configs/${id}`, { match: { name: '(' } });
  expect(facts(reply)).toEqual([403, 'auth.forbidden']);
  const refused = await owner.client.put(`/configs/${id}`, { match: { name: '(' } });
  expect([...facts(refused), refused.body.errors[0].pointer]).toEqual([
    422,
    'config.pattern_invalid',
    '/match/name',
  ]);
});

describe('what is a team’s', () => {
  test('is its admins’ to write and its viewers’ to read, and nobody else’s', async () => {
    const teamId = await tenant.team();
    const [admin, member, viewer] = await Promise.all(
      (['admin', 'member', 'viewer'] as const).map((role) => tenant.person(role, teamId)),
    );
    const outsider = await tenant.person('admin');
    const fields = { layer: 'team', team_id: teamId };
    for (const by of [member, outsider] as Person[]) {
      expect(facts(await send(fields, by))).toEqual([403, 'auth.forbidden']);
    }
    const { id } = await create(fields, admin);
    const path = `/configs/${id}`;
    expect((await admin?.client.post(`${path}/publish`))?.status).toBe(200);
    expect((await viewer?.client.get(path))?.status).toBe(200);
    expect(facts(await outsider.client.get(path))).toEqual([403, 'auth.forbidden']);
    const listed = async (by: Person | undefined) =>
      ((await by?.client.get(`/organizations/${tenant.orgId}/configs?layer=team`))?.body.items ?? []).map(
        (item: { id: string }) => item.id,
      );
    expect([await listed(viewer), await listed(outsider)]).toEqual([[id], []]);
  });

  test('is written by people, where a key with configs:write writes what is the organization’s', async () => {
    const { key } = await keyOf(app.superuser, {
      orgId: tenant.orgId,
      userId: owner.id,
      scopes: ['configs:write'],
    });
    const client = app.clientOf(key);
    const by = { ...owner, client };
    const { id } = await create({}, by);
    expect((await client.put(`/configs/${id}`, { priority: 2 })).status).toBe(200);
    expect(facts(await send({ layer: 'team', team_id: tenant.teamId }, by))).toEqual([
      403,
      'auth.person_required',
    ]);
    const own = await create({ layer: 'team', team_id: tenant.teamId });
    expect(facts(await client.put(`/configs/${own.id}`, { priority: 2 }))).toEqual([
      403,
      'auth.person_required',
    ]);
    expect(facts(await client.get(`/configs/${id}`))).toEqual([403, 'auth.scope_missing']);
  });
});
