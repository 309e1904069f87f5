import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';
import { apiKeyHash } from '../../platform/auth/api-key-secret.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const draft = (fields: object = {}) => ({ name: 'Agent', scopes: ['incidents:read'], ...fields });
const path = (orgId = tenant.orgId) => `/organizations/${orgId}/api-keys`;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const { stringify } = JSON;

async function make(fields: object = {}, { owner } = tenant) {
  const made = await owner.client.post(path(), draft(fields));
  expect(made.status, stringify(made.body)).toBe(201);
  return made.body;
}
const statusOf = async (key: string) => (await app.clientOf(key).get('/auth/me')).status;

describe('making a key', () => {
  test('shows it once, keeps its hash alone, and leaves an entry without it', async () => {
    const made = await tenant.owner.client.post(
      path(),
      draft({ team_ids: [tenant.teamId], address_ranges: ['127.0.0.0/8', '2001:db8::/32', '192.0.2.1'] }),
    );
    expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/api-keys/${made.body.id}`]);
    const { key, ...shown } = made.body;
    expect(shown).toMatchObject({
      org_id: tenant.orgId,
      user_id: tenant.owner.id,
      state: 'active',
      scopes: ['incidents:read'],
      team_ids: [tenant.teamId],
      address_ranges: ['127.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      last_used_at: null,
      revoked_at: null,
    });
    const days = (Date.parse(shown.expires_at) - Date.parse(shown.created_at)) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    expect((await tenant.owner.client.get(`/api-keys/${shown.id}`)).body).toEqual(shown);
    const { rows } = await app.superuser.query(
      `select encode(secret_hash, 'hex') as hash, to_jsonb(k)::text as row from api_keys k where id = $1`,
      [shown.id],
    );
    expect(rows[0].hash).toBe(apiKeyHash(key));
    expect(rows[0].row).not.toContain(key);
    const entries = await auditOf(app.superuser, made);
    expect(entries).toMatchObject([
      { action: 'api_key.created', actor_id: tenant.owner.id, resource_id: shown.id, after: shown },
    ]);
    expect(stringify(entries)).not.toContain(key);
    expect(stringify(app.log)).not.toContain(key);
  });

  test.each([
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['everything'] }, '/scopes/0'],
    [{ scopes: ['stats:read', 'stats:read'] }, '/scopes'],
    [{ scopes: ['audit:read'], team_ids: 'own' }, '/scopes'],
    [{ address_ranges: ['300.0.0.1'] }, '/address_ranges/0'],
    [{ address_ranges: ['10.0.0.0/8', '10.0.0.0/33'] }, '/address_ranges/1'],
    [{ address_ranges: ['fe80::1/129'] }, '/address_ranges/0'],
    [{ expires_at: inDays(-1) }, '/expires_at'],
    [{ expires_at: inDays(366) }, '/expires_at'],
    [{ team_ids: ['01890a5d-ac97-7c31-9a4e-5d1f0b6e2c14'] }, '/team_ids/0'],
    [{ key: 'brw_mine' }, '/key'],
    [{ name: '' }, '/name'],
  ])('refuses %j by the name of the field', async (fields, pointer) => {
    const own = 'team_ids' in fields && fields.team_ids === 'own' ? { team_ids: [tenant.teamId] } : {};
    const refused = await tenant.owner.client.post(path(), draft({ ...fields, ...own }));
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('lets an admin of teams make keys of these, and of nothing else', async () => {
    const [other, admin] = [await tenant.team(), await tenant.person('admin')];
    const post = async (fields: object) => {
      const { status, body } = await admin.client.post(path(), draft(fields));
      return [status, body.code, body.errors?.map(({ pointer }: { pointer: string }) => pointer)];
    };
    expect((await post({ team_ids: [tenant.teamId] }))[0]).toBe(201);
    expect(await post({})).toEqual([403, 'auth.forbidden', undefined]);
    expect(await post({ team_ids: [other] })).toEqual([403, 'auth.forbidden', undefined]);
    expect(await post({ team_ids: [other, tenant.teamId], scopes: ['stats:read'] })).toEqual([
      403,
      'api_key.exceeds_creator',
      ['/team_ids/0'],
    ]);
  });

  test('takes no team of another organization, in the words of one that is none', async () => {
    const { teamId } = await newTenant(app);
    const refused = await tenant.owner.client.post(path(), draft({ team_ids: [teamId] }));
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ pointer: '/team_ids/0', message: 'must be a team of this organization' }],
    ]);
  });

  test('keeps no key for an Idempotency-Key: it makes another one', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await tenant.owner.client.post(path(), draft(), { headers });
    const second = await tenant.owner.client.post(path(), draft(), { headers });
    expect(first.body.id).not.toBe(second.body.id);
  });

  test('is bounded: 500 that are not over', async () => {
    const full = await newTenant(app);
    const { body } = await full.owner.client.post(path(full.orgId), draft());
    await app.superuser.query(
      `insert into api_keys select (jsonb_populate_record(k, jsonb_build_object('id', gen_random_uuid(),
         'secret_hash', '\\x' || encode(sha256(n::text::bytea || k.org_id::text::bytea), 'hex')))).*
       from api_keys k, generate_series(1, 499) n where k.id = $1`,
      [body.id],
    );
    const refused = await full.owner.client.post(path(full.orgId), draft());
    expect([refused.status, refused.body.code]).toEqual([409, 'organization.api_key_limit_reached']);
    await full.owner.client.delete(`/api-keys/${body.id}`);
    expect((await full.owner.client.post(path(full.orgId), draft())).status).toBe(201);
  });
});

describe('the list', () => {
  test('pages through what the caller may manage, and shows no secret', async () => {
    const own = await newTenant(app);
    const [other, admin, member] = [await own.team(), await own.person('admin'), await own.person('member')];
    const at = async (client: typeof admin.client, fields: object): Promise<string> =>
      (await client.post(path(own.orgId), draft(fields))).body.id;
    const ids = {
      whole: await at(own.owner.client, {}),
      team: await at(own.owner.client, { team_ids: [own.teamId] }),
      both: await at(own.owner.client, { team_ids: [own.teamId, other] }),
      admins: await at(admin.client, { team_ids: [own.teamId] }),
    };
    const listed = async (client: typeof admin.client): Promise<string[]> => {
      const first = (await client.get(`${path(own.orgId)}?limit=2`)).body;
      const next = first.has_more
        ? (await client.get(`${path(own.orgId)}?limit=2&cursor=${first.next_cursor}`)).body.items
        : [];
      expect(stringify([first, next])).not.toMatch(/brw_|secret|hash/);
      return [...first.items, ...next].map(({ id }) => id);
    };
    expect(await listed(own.owner.client)).toEqual([ids.admins, ids.both, ids.team, ids.whole]);
    expect(await listed(admin.client)).toEqual([ids.admins, ids.team]);
    expect(await listed(member.client)).toEqual([]);
  });
});

describe('changing a key', () => {
  test('changes its name and ranges, and moves its end to an earlier time only', async () => {
    const { id, key, expires_at } = await make();
    const patch = (fields: object) => tenant.owner.client.send('PATCH', `/api-keys/${id}`, fields);
    const expiry = inDays(10);
    const changed = await patch({ name: 'Renamed', expires_at: expiry, address_ranges: ['198.51.100.0/24'] });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { name: 'Renamed', expires_at: expiry, address_ranges: ['198.51.100.0/24'] },
    ]);
    expect(await statusOf(key)).toBe(401);
    expect((await patch({ expires_at })).body.errors).toMatchObject([{ pointer: '/expires_at' }]);
    expect((await patch({ scopes: ['audit:read'] })).status).toBe(422);
    expect(await auditOf(app.superuser, changed)).toMatchObject([
      { action: 'api_key.updated', before: { name: 'Agent' }, after: { name: 'Renamed' } },
    ]);
    const again = await patch({ name: 'Renamed' });
    expect([again.body.updated_at, await auditOf(app.superuser, again)]).toEqual([
      changed.body.updated_at,
      [],
    ]);
  });

  test('revokes it for good, once', async () => {
    const { id, key } = await make();
    expect(await statusOf(key)).toBe(200);
    for (const actions of [['api_key.revoked'], []]) {
      const revoked = await tenant.owner.client.delete(`/api-keys/${id}`);
      expect([revoked.status, await statusOf(key)]).toEqual([204, 401]);
      const entries = await auditOf(app.superuser, revoked);
      expect(entries.map(({ action }) => action)).toEqual(actions);
    }
    expect((await tenant.owner.client.get(`/api-keys/${id}`)).body).toMatchObject({
      state: 'revoked',
      revoked_at: expect.any(String),
    });
    for (const [method, end] of [['PATCH', ''] as const, ['POST', '/rotate'] as const]) {
      const refused = await tenant.owner.client.send(method, `/api-keys/${id}${end}`, {});
      expect([refused.status, refused.body.code]).toEqual([409, 'api_key.over']);
    }
  });

  test('rotates it: both are taken for the overlap, and no longer than that', async () => {
    const { id, key: first } = await make();
    const rotate = async (overlap_seconds?: number): Promise<string> => {
      const reply = await tenant.owner.client.post(`/api-keys/${id}/rotate`, { overlap_seconds });
      const { status, body } = reply;
      expect([status, body.previous_until === null]).toEqual([200, overlap_seconds === undefined]);
      const entries = await auditOf(app.superuser, reply);
      expect(entries).toMatchObject([{ action: 'api_key.rotated', resource_id: id }]);
      expect(stringify(entries)).not.toContain(body.key);
      return body.key;
    };
    const second = await rotate(3600);
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    await app.superuser.query(`update api_keys set previous_until = now() where id = $1`, [id]);
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
    const third = await rotate();
    expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([401, 401, 200]);
    const fourth = await rotate(60);
    expect([await statusOf(second), await statusOf(third), await statusOf(fourth)]).toEqual([401, 200, 200]);
  });

  test('shows a new secret to nobody but whom it acts for', async () => {
    const [admin, member] = [await tenant.person('admin'), await tenant.person('member')];
    const { id } = (await admin.client.post(path(), draft({ team_ids: [tenant.teamId] }))).body;
    for (const { client } of [tenant.owner, member]) {
      const refused = await client.post(`/api-keys/${id}/rotate`, {});
      expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    }
    expect((await admin.client.post(`/api-keys/${id}/rotate`, {})).status).toBe(200);
    expect((await member.client.delete(`/api-keys/${id}`)).status).toBe(403);
    expect((await tenant.owner.client.delete(`/api-keys/${id}`)).status).toBe(204);
  });

  test('is of who may manage all teams that it names', async () => {
    const [other, admin] = [await tenant.team(), await tenant.person('admin')];
    const { id } = await make({ team_ids: [tenant.teamId, other] });
    expect((await admin.client.delete(`/api-keys/${id}`)).status).toBe(403);
    expect((await tenant.owner.client.get(`/api-keys/${id}`)).body.state).toBe('active');
  });
});
