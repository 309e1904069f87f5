import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const ifMatch = (value: string) => ({ headers: { 'if-match': value } });
const stale = [412, 'precondition.stale', '"2"'];
const facts = (reply: { status: number; body: { code?: string }; headers: Headers }) => [
  reply.status,
  reply.body.code,
  reply.headers.get('etag'),
];
/** A configuration at version 2. */
const secondVersion = async (): Promise<string> => {
  const { client } = tenant.owner;
  const body = { name: unique('Triage'), agent_type: 'custom' };
  const { id } = (await client.post(`/teams/${tenant.teamId}/agent-configs`, body)).body;
  await client.put(`/agent-configs/${id}`, { max_retries: 2 });
  return id;
};
const row = async (id: string) => {
  const { rows } = await app.superuser.query(
    `select max_retries, version, deleted_at is not null as is_deleted,
            (select count(*)::int from agent_config_versions where config_id = $1) as versions,
            (select count(*)::int from audit_events where resource_id = $1) as entries
     from agent_configs where id = $1`,
    [id],
  );
  return rows[0];
};
const untouched = { max_retries: 2, version: 2, is_deleted: false, versions: 2, entries: 2 };

describe('If-Match on an update', () => {
  test.each(['"2"', '2', 'W/"2"', '*'])('of %s takes the current version', async (value) => {
    const id = await secondVersion();
    const reply = await tenant.owner.client.put(`/agent-configs/${id}`, { max_retries: 3 }, ifMatch(value));
    expect([reply.status, reply.body.version, reply.headers.get('etag')]).toEqual([200, 3, '"3"']);
  });

  test.each(['"1"', '1', 'W/"1"', '"3"'])('of %s is stale: 412 with the current ETag', async (value) => {
    const id = await secondVersion();
    const reply = await tenant.owner.client.put(`/agent-configs/${id}`, { max_retries: 3 }, ifMatch(value));
    expect(facts(reply)).toEqual(stale);
    expect(await row(id)).toEqual(untouched);
  });

  test.each(['two', '""', '-1'])('of %s is refused by name', async (value) => {
    const id = await secondVersion();
    const reply = await tenant.owner.client.put(`/agent-configs/${id}`, { max_retries: 3 }, ifMatch(value));
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/headers/if-match' }]]);
    expect(await row(id)).toEqual(untouched);
  });

  test('is looked at only once the role is known to allow the request', async () => {
    const id = await secondVersion();
    const viewer = await tenant.person('viewer');
    const reply = await viewer.client.put(`/agent-configs/${id}`, { max_retries: 3 }, ifMatch('"1"'));
    expect(reply.status).toBe(403);
  });
});

describe('If-Match on a deletion and on restoring', () => {
  test('keeps what somebody has changed since', async () => {
    const id = await secondVersion();
    const { client } = tenant.owner;
    expect(facts(await client.delete(`/agent-configs/${id}`, ifMatch('"1"')))).toEqual(stale);
    expect(await row(id)).toEqual(untouched);
    expect((await client.delete(`/agent-configs/${id}`, ifMatch('"2"'))).status).toBe(200);
    const path = `/agent-configs/${id}/restore`;
    expect(facts(await client.post(path, undefined, ifMatch('"2"')))).toEqual([
      412,
      'precondition.stale',
      '"3"',
    ]);
    expect((await client.post(path, undefined, ifMatch('"3"'))).body.version).toBe(4);
  });
});

describe('an Idempotency-Key on a creation', () => {
  const create = (body: object) =>
    tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, body, {
      headers: { 'idempotency-key': 'k-1' },
    });

  test('replays the configuration rather than find its name taken, and refuses another payload', async () => {
    const body = { name: 'Once', agent_type: 'custom', config: { api_key: 'hush' } };
    const [first, again] = [await create(body), await create(body)];
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      200,
      first.body,
      'true',
    ]);
    const other = await create({ ...body, name: 'Twice' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
  });
});
