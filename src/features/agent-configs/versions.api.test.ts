import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
});
afterAll(() => app[Symbol.asyncDispose]());

const create = async (fields: object = {}) => {
  const body = { name: unique('Triage'), agent_type: 'custom', ...fields };
  return (await member.client.post(`/teams/${tenant.teamId}/agent-configs`, body)).body;
};
const update = async (id: string, fields: object) =>
  (await member.client.put(`/agent-configs/${id}`, fields)).body;
const versions = async (id: string, query = '') =>
  (await member.client.get(`/agent-configs/${id}/versions${query}`)).body;
const numbers = (page: { items: { version: number }[] }): number[] =>
  page.items.map(({ version }) => version);
const rollBack = (id: string, to: unknown, headers: Record<string, string> = {}) =>
  member.client.post(`/agent-configs/${id}/rollback`, { to }, { headers });
/** The fields of a configuration that a version keeps. */
const contentOf = ({
  id: _id,
  org_id: _org,
  organization_id: _organization,
  team_id: _team,
  version: _version,
  created_by: _creator,
  updated_by: _updater,
  created_at: _created,
  updated_at: _updated,
  deleted_at: _deleted,
  deleted_by: _deleter,
  ...content
}: Record<string, unknown>) => content;

describe('the versions of a configuration', () => {
  test('are one for each write, newest first, each with what it said and who said it', async () => {
    const first = await create({ config: { model: 'small' } });
    const second = await update(first.id, { config: { model: 'large' } });
    await tenant.owner.client.delete(`/agent-configs/${first.id}`);
    await tenant.owner.client.post(`/agent-configs/${first.id}/restore`);
    const fifth = (await rollBack(first.id, 1)).body;
    const version = (number: number, change: string, config: Record<string, unknown>, by: string) => ({
      config_id: first.id,
      version: number,
      change,
      snapshot: contentOf(config),
      created_by: by,
      created_at: expect.any(String),
    });
    expect(await versions(first.id, '?include=snapshot')).toEqual({
      items: [
        version(5, 'rolled_back', fifth, member.id),
        version(4, 'restored', second, tenant.owner.id),
        version(3, 'deleted', second, tenant.owner.id),
        { ...version(2, 'updated', second, member.id), created_at: second.updated_at },
        { ...version(1, 'created', first, member.id), created_at: first.created_at },
      ],
      next_cursor: null,
      has_more: false,
    });
  });

  test('page: each exactly once, also those of one instant', async () => {
    const { id } = await create();
    for (let retries = 10; retries < 20; retries += 1) {
      await update(id, { max_retries: retries });
    }
    await app.superuser.query(
      `update agent_config_versions set created_at = '2026-01-01' where config_id = $1 and version between 3 and 8`,
      [id],
    );
    const seen: number[] = [];
    let query = '?limit=2';
    for (let page = await versions(id, query); ; page = await versions(id, query)) {
      seen.push(...numbers(page));
      if (!page.has_more) {
        expect(page.next_cursor).toBeNull();
        break;
      }
      query = `?limit=2&cursor=${page.next_cursor}`;
    }
    expect(seen).toEqual([11, 10, 9, 2, 1, 8, 7, 6, 5, 4, 3]);
  });

  test('stay in their order when a write is timed before the one that it follows', async () => {
    const { id } = await create();
    await app.superuser.query(
      `with config as (update agent_configs set updated_at = now() + interval '1 hour' where id = $1),
         entry as (update audit_events set occurred_at = now() + interval '1 hour' where resource_id = $1)
       update agent_config_versions set created_at = now() + interval '1 hour' where config_id = $1`,
      [id],
    );
    await update(id, { max_retries: 9 });
    await tenant.owner.client.delete(`/agent-configs/${id}`);
    await tenant.owner.client.post(`/agent-configs/${id}/restore`);
    expect(numbers(await versions(id))).toEqual([4, 3, 2, 1]);
  });

  test('can be read one by one', async () => {
    const first = await create({ tags: ['a'] });
    await update(first.id, { tags: ['b'] });
    const reply = await member.client.get(`/agent-configs/${first.id}/versions/1`);
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        config_id: first.id,
        version: 1,
        change: 'created',
        snapshot: contentOf(first),
        created_by: member.id,
        created_at: first.created_at,
      },
    ]);
  });

  test('that never were are not found', async () => {
    const { id } = await create();
    const reply = await member.client.get(`/agent-configs/${id}/versions/2`);
    expect([reply.status, reply.body.code]).toEqual([404, 'agent_config.version_not_found']);
  });

  test.each(['0', '-1', '1.5', 'latest', '2147483648'])('cannot be called %s', async (number) => {
    const { id } = await create();
    const reply = await member.client.get(`/agent-configs/${id}/versions/${number}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/path/version' }]]);
  });
});

describe('POST /agent-configs/{config_id}/rollback', () => {
  test('makes the content of a version current again, as a new version', async () => {
    const first = await create({ config: { model: 'small', limits: [1, 2] }, triggers: ['alert'] });
    const before = await update(first.id, {
      name: unique('Renamed'),
      config: {},
      triggers: {},
      max_retries: 0,
    });
    const reply = await rollBack(first.id, 1);
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"3"',
      `/api/v1/agent-configs/${first.id}/versions/3`,
    ]);
    expect(reply.body).toEqual({ ...first, version: 3, updated_at: expect.any(String) });
    expect((await member.client.get(`/agent-configs/${first.id}`)).body).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'agent_config.rolled_back',
        actor_id: member.id,
        resource_id: first.id,
        team_id: tenant.teamId,
        before,
        after: reply.body,
        address: '127.0.0.1',
      },
    ]);
  });

  test('refuses to roll back to what is current already, by whatever version', async () => {
    const { id } = await create({ config: { a: 1, b: { c: [1, 2] } } });
    await update(id, { description: 'Interlude' });
    await update(id, { description: null, config: { b: { c: [1, 2] }, a: 1 } });
    for (const to of [1, 3]) {
      const reply = await rollBack(id, to);
      expect([reply.status, reply.body.code]).toEqual([409, 'agent_config.already_current']);
    }
    expect(numbers(await versions(id))).toEqual([3, 2, 1]);
  });

  test('refuses a version that never was', async () => {
    const { id } = await create();
    const reply = await rollBack(id, 7);
    expect([reply.status, reply.body.code]).toEqual([404, 'agent_config.version_not_found']);
  });

  test.each([0, 1.5, '1', null])('refuses %j for a version', async (to) => {
    const { id } = await create();
    const reply = await rollBack(id, to);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/to' }]]);
  });

  test('refuses to bring back a name that another configuration has taken since', async () => {
    const first = await create();
    await update(first.id, { name: unique('Renamed') });
    await create({ name: first.name });
    const reply = await rollBack(first.id, 1);
    expect([reply.status, reply.body.code]).toEqual([400, 'agent_config.name_taken']);
    expect(numbers(await versions(first.id))).toEqual([2, 1]);
  });

  test('heeds If-Match', async () => {
    const { id } = await create();
    await update(id, { max_retries: 9 });
    const stale = await rollBack(id, 1, { 'if-match': '"1"' });
    expect([stale.status, stale.body.code, stale.headers.get('etag')]).toEqual([
      412,
      'precondition.stale',
      '"2"',
    ]);
    expect((await rollBack(id, 1, { 'if-match': '"2"' })).status).toBe(201);
  });

  test('is done once for one Idempotency-Key, though the version has moved on', async () => {
    const { id } = await create();
    await update(id, { max_retries: 9 });
    const headers = { 'if-match': '"2"', 'idempotency-key': 'k-1' };
    const [first, again] = [await rollBack(id, 1, headers), await rollBack(id, 1, headers)];
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      201,
      first.body,
      'true',
    ]);
    expect(numbers(await versions(id))).toEqual([3, 2, 1]);
    const other = await rollBack(id, 2, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
  });
});
