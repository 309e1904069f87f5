import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client, Reply } from '../../../test/harness/client.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { createPool } from '../../platform/database/pool.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await newTenant(app);
});

const create = (client: Client, fields: object, teamId = tenant.teamId): Promise<Reply> =>
  client.post(`/teams/${teamId}/incidents`, { title: 'Disk full', ...fields });
/** How much there is of the organization's incidents: rows, timeline, audit trail. */
const counts = async () => {
  const { rows } = await app.superuser.query(
    `select (select count(*)::int from incidents where org_id = $1) as incidents,
            (select count(*)::int from incident_events where org_id = $1) as events,
            (select count(*)::int from audit_events where org_id = $1 and resource_type = 'incident') as entries`,
    [tenant.orgId],
  );
  return rows[0];
};
const one = { incidents: 1, events: 1, entries: 1 };

describe('an idempotency_key seen before', () => {
  test('gives the first incident as it is now, and makes none', async () => {
    const { client } = tenant.owner;
    const { id } = (await create(client, { idempotency_key: 'alert-1' })).body;
    const current = (await client.put(`/incidents/${id}`, { priority: 'high' })).body;
    const again = await create(client, { idempotency_key: 'alert-1', title: 'Another title' });
    expect([again.status, again.headers.get('etag'), again.body]).toEqual([200, '"2"', current]);
    expect(await counts()).toEqual({ incidents: 1, events: 2, entries: 2 });
  });

  test('gives the first incident even when its assignee has left since', async () => {
    const leaver = await tenant.person('member');
    const draft = { idempotency_key: 'alert-1', assigned_to: leaver.id };
    const first = await create(tenant.owner.client, draft);
    await tenant.owner.client.put(`/users/${leaver.id}`, { is_active: false });
    const again = await create(tenant.owner.client, draft);
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  test('gives the incident of another team to who may read that team', async () => {
    const otherTeam = await tenant.team();
    const first = await create(tenant.owner.client, { idempotency_key: 'alert-1' }, otherTeam);
    const both = await tenant.person('member');
    await tenant.owner.client.post(`/teams/${otherTeam}/members`, { user_id: both.id, role: 'viewer' });
    const again = await create(both.client, { idempotency_key: 'alert-1' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await counts()).toEqual(one);
  });

  test('is a conflict for who may not read the team of the first incident', async () => {
    const first = await create(tenant.owner.client, { idempotency_key: 'alert-1' }, await tenant.team());
    const member = await tenant.person('member');
    const reply = await create(member.client, { idempotency_key: 'alert-1' });
    expect([reply.status, reply.body.code]).toEqual([409, 'incident.idempotency_conflict']);
    expect(JSON.stringify(reply.body)).not.toContain(first.body.id);
    expect(await counts()).toEqual(one);
  });

  test('does not help who may not create', async () => {
    await create(tenant.owner.client, { idempotency_key: 'alert-1' });
    for (const person of [
      await tenant.person('viewer'),
      await tenant.person('member', await tenant.team()),
    ]) {
      const reply = await create(person.client, { idempotency_key: 'alert-1' });
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
  });

  test('is another key in another organization of the same person', async () => {
    const { client } = tenant.owner;
    const name = unique('Second');
    const second = await client.post('/organizations', { name, slug: name.toLowerCase() });
    const team = await client.post(`/organizations/${second.body.id}/teams`, { name: 'Platform' });
    const first = await create(client, { idempotency_key: 'alert-1' });
    const other = await create(client, { idempotency_key: 'alert-1' }, team.body.id);
    expect([other.status, other.body.org_id]).toEqual([200, second.body.id]);
    expect(other.body.id).not.toBe(first.body.id);
  });

  test('is free again once its incident is deleted, and then stands in the way of restoring it', async () => {
    const { client } = tenant.owner;
    const first = await create(client, { idempotency_key: 'alert-1' });
    await client.delete(`/incidents/${first.body.id}`);
    const second = await create(client, { idempotency_key: 'alert-1' });
    expect([second.status, second.body.id === first.body.id]).toEqual([200, false]);

    const before = await counts();
    const restored = await client.post(`/incidents/${first.body.id}/restore`);
    expect([restored.status, restored.body]).toMatchObject([
      409,
      {
        code: 'incident.idempotency_key_reused',
        detail: `Incident ${second.body.id} was made with the idempotency_key of this one since it was deleted; delete that one first`,
      },
    ]);
    expect(await counts()).toEqual(before);
    await client.delete(`/incidents/${second.body.id}`);
    expect((await client.post(`/incidents/${first.body.id}/restore`)).status).toBe(200);
  });

  test('used again by a team that the caller is not in is told so, without its incident', async () => {
    const { client } = tenant.owner;
    const [teamId, otherTeamId] = [await tenant.team(), await tenant.team()];
    const admin = await tenant.person('admin', teamId);
    const body = { title: 'Disk full', idempotency_key: 'alert-7' };
    const first = await client.post(`/teams/${teamId}/incidents`, body);
    await client.delete(`/incidents/${first.body.id}`);
    const second = await client.post(`/teams/${otherTeamId}/incidents`, body);
    const refused = await admin.client.post(`/incidents/${first.body.id}/restore`);
    expect([refused.status, refused.body.code]).toEqual([409, 'incident.idempotency_key_reused']);
    expect(refused.body.detail).toMatch(/a team that you are not in .* ask an admin of the organization/);
    expect(JSON.stringify(refused.body)).not.toContain(second.body.id);
  });
});

describe('an Idempotency-Key header', () => {
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  const send = (client: Client, body: object, key = 'k-1') =>
    client.post(`/teams/${tenant.teamId}/incidents`, body, keyed(key));

  test('replays the reply as it was, and makes nothing', async () => {
    const { client } = tenant.owner;
    const first = await send(client, { title: 'Disk full' });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    await client.put(`/incidents/${first.body.id}`, { title: 'Changed since' });
    const again = await send(client, { title: 'Disk full' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect([again.headers.get('idempotency-replayed'), again.headers.get('etag')]).toEqual(['true', '"1"']);
    expect(await counts()).toEqual({ incidents: 1, events: 2, entries: 2 });
  });

  test('stands for the route, however its address is spelled', async () => {
    const { client } = tenant.owner;
    const first = await send(client, { title: 'Disk full' });
    const spellings = [
      `/teams/${tenant.teamId.toUpperCase()}/incidents`,
      `/teams/${tenant.teamId}/inc%69dents`,
      `/teams/${tenant.teamId}/incidents?`,
    ];
    for (const path of spellings) {
      const again = await client.post(path, { title: 'Disk full' }, keyed('k-1'));
      expect([path, again.status, again.body.id]).toEqual([path, 200, first.body.id]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(await counts()).toEqual({ incidents: 1, events: 1, entries: 1 });
  });

  test('with a query of 2,600 characters is refused as the query is, not by an index', async () => {
    const path = `/teams/${tenant.teamId}/incidents?${randomBytes(1_300).toString('hex')}=1`;
    const reply = await tenant.owner.client.post(path, { title: 'Disk full' }, keyed('k'.repeat(255)));
    expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
    expect((await send(tenant.owner.client, { title: 'Disk full' }, 'k'.repeat(255))).status).toBe(200);
  });

  test('replays a comment with its status and its Location', async () => {
    const { id } = await tenant.incident();
    const comment = () =>
      tenant.owner.client.post(`/incidents/${id}/comments`, { comment: 'Looking' }, keyed('k-1'));
    const [first, again] = [await comment(), await comment()];
    expect([again.status, again.body, again.headers.get('location')]).toEqual([
      201,
      first.body,
      `/api/v1/incidents/${id}/events`,
    ]);
    expect((await counts()).events).toBe(2);
  });

  test('refuses another payload', async () => {
    await send(tenant.owner.client, { title: 'Disk full' });
    const other = await send(tenant.owner.client, { title: 'Disk empty' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    expect(await counts()).toEqual(one);
  });

  test('is another key for another person, another route and another incident', async () => {
    const member = await tenant.person('member');
    const first = await send(tenant.owner.client, { title: 'Disk full' });
    const second = await send(member.client, { title: 'Disk full' });
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, null]);
    for (const { body } of [first, second]) {
      const reply = await member.client.post(
        `/incidents/${body.id}/comments`,
        { comment: 'x' },
        keyed('k-1'),
      );
      expect([reply.status, reply.body.incident_id]).toEqual([201, body.id]);
    }
  });

  test('is not taken by a request that failed', async () => {
    const refused = await send(tenant.owner.client, { title: 'x', assigned_to: crypto.randomUUID() });
    expect(refused.status).toBe(422);
    expect((await send(tenant.owner.client, { title: 'x' })).status).toBe(200);
  });

  test('replays nothing to who lost the right to ask', async () => {
    const member = await tenant.person('member');
    expect((await send(member.client, { title: 'Disk full' })).status).toBe(200);
    await tenant.owner.client.put(`/teams/${tenant.teamId}/members/${member.id}`, { role: 'viewer' });
    const reply = await send(member.client, { title: 'Disk full' });
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('of a request that is still running is refused for a moment', async () => {
    const pool = createPool({
      dsn: inject('databases').service,
      sizeMin: 0,
      sizeMax: 2,
      acquireTimeoutMs: 5_000,
      recycleSeconds: 60,
      statementTimeoutMs: 5_000,
      lockTimeoutMs: 50,
      idleInTransactionTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      onIdleError: () => undefined,
    });
    await using impatient = await startApp({ pool });
    const { client, id } = tenant.owner;
    const running = await app.superuser.connect();
    await running.query('begin');
    await running.query(
      `insert into idempotency_keys (org_id, principal_id, route, key, fingerprint) values ($1, $2, $3, 'k-1', '')`,
      [tenant.orgId, id, `POST /api/v1/teams/${tenant.teamId}/incidents`],
    );
    const waiting = impatient.clientOf(client.token ?? '');
    const refused = await send(waiting, { title: 'Disk full' });
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      409,
      'idempotency.in_progress',
      '1',
    ]);
    await running.query('rollback');
    running.release();
    expect((await send(waiting, { title: 'Disk full' })).status).toBe(200);
    expect(await counts()).toEqual(one);
    await pool.end();
  });

  test('is forgotten after a day', async () => {
    const first = await send(tenant.owner.client, { title: 'Disk full' });
    await app.superuser.query(`update idempotency_keys set expires_at = now() where principal_id = $1`, [
      tenant.owner.id,
    ]);
    const again = await send(tenant.owner.client, { title: 'Disk full' });
    expect([again.status, again.body.id === first.body.id]).toEqual([200, false]);
  });
});
