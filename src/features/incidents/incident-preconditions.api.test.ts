import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

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
/** An incident at version 2. */
const secondVersion = async (): Promise<string> => {
  const { id } = await tenant.incident();
  await tenant.owner.client.put(`/incidents/${id}`, { title: 'Second' });
  return id;
};
const row = async (id: string) => {
  const { rows } = await app.superuser.query(
    `select title, version, deleted_at is not null as is_deleted,
            (select count(*)::int from audit_events where resource_id = $1) as entries
     from incidents where id = $1`,
    [id],
  );
  return rows[0];
};

describe('If-Match on an update', () => {
  test.each(['"2"', '2', 'W/"2"', '*'])('of %s takes the current version', async (value) => {
    const id = await secondVersion();
    const reply = await tenant.owner.client.put(`/incidents/${id}`, { title: 'Third' }, ifMatch(value));
    expect([reply.status, reply.body.version, reply.headers.get('etag')]).toEqual([200, 3, '"3"']);
  });

  test.each(['"1"', '1', 'W/"1"', '"3"', '"0"'])(
    'of %s is stale: 412 with the current ETag',
    async (value) => {
      const id = await secondVersion();
      const reply = await tenant.owner.client.put(`/incidents/${id}`, { title: 'Third' }, ifMatch(value));
      expect(facts(reply)).toEqual(stale);
      expect(await row(id)).toEqual({ title: 'Second', version: 2, is_deleted: false, entries: 2 });
    },
  );

  test.each(['two', '"', '-1', '""', '1.5'])('of %s is refused by name', async (value) => {
    const id = await secondVersion();
    const reply = await tenant.owner.client.put(`/incidents/${id}`, { title: 'Third' }, ifMatch(value));
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/headers/if-match' }]]);
  });

  test('that is missing overwrites', async () => {
    const id = await secondVersion();
    expect((await tenant.owner.client.put(`/incidents/${id}`, { title: 'Third' })).body.version).toBe(3);
  });
});

describe('If-Match on a deletion and on restoring', () => {
  test('keeps what somebody has changed since', async () => {
    const id = await secondVersion();
    expect(facts(await tenant.owner.client.delete(`/incidents/${id}`, ifMatch('"1"')))).toEqual(stale);
    expect(await row(id)).toEqual({ title: 'Second', version: 2, is_deleted: false, entries: 2 });
    expect((await tenant.owner.client.delete(`/incidents/${id}`, ifMatch('"2"'))).status).toBe(200);
    const path = `/incidents/${id}/restore`;
    const restored = await tenant.owner.client.post(path, undefined, ifMatch('"2"'));
    expect(facts(restored)).toEqual([412, 'precondition.stale', '"3"']);
    expect((await tenant.owner.client.post(path, undefined, ifMatch('"3"'))).body.version).toBe(4);
  });
});
