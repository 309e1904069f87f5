import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const create = async (fields: object = {}) => {
  const reply = await tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, {
    title: 'x',
    ...fields,
  });
  expect(reply.status).toBe(200);
  return reply.body;
};
const update = async (id: string, fields: object) => {
  const reply = await tenant.owner.client.put(`/incidents/${id}`, fields);
  expect(reply.status).toBe(200);
  return reply.body;
};
/** An incident as if it had been created that many minutes ago. */
const incidentOf = async (minutesAgo: number, fields: object = {}): Promise<string> => {
  const { id } = await create(fields);
  await app.superuser.query(
    `update incidents set created_at = created_at - $2 * interval '1 minute' where id = $1`,
    [id, minutesAgo],
  );
  return id;
};
const nothing = {
  started_at: null,
  resolved_at: null,
  closed_at: null,
  response_time_minutes: null,
  resolution_time_minutes: null,
};

describe('an incident created', () => {
  test('open and unassigned has no times', async () => {
    expect(await create()).toMatchObject(nothing);
  });

  test('open and assigned has been started at once', async () => {
    const incident = await create({ assigned_to: tenant.owner.id });
    expect(incident).toMatchObject({
      ...nothing,
      started_at: incident.created_at,
      response_time_minutes: 0,
    });
  });

  test.each([
    ['in_progress', { started_at: true, resolved_at: false, closed_at: false }],
    ['resolved', { started_at: true, resolved_at: true, closed_at: false }],
    ['closed', { started_at: true, resolved_at: false, closed_at: true }],
    ['cancelled', { started_at: true, resolved_at: false, closed_at: false }],
  ])('%s has the times of that status', async (status, stamped) => {
    const incident = await create({ status });
    const now = incident.created_at;
    const times = Object.entries(stamped).map(([name, isSet]) => [name, isSet ? now : null]);
    expect(incident).toMatchObject({
      ...Object.fromEntries(times),
      response_time_minutes: 0,
      resolution_time_minutes: stamped.resolved_at ? 0 : null,
    });
  });
});

describe('the times of an incident', () => {
  test('follow it from open over in_progress and resolved to closed', async () => {
    const id = await incidentOf(90);
    const started = await update(id, { status: 'in_progress' });
    expect(started).toMatchObject({ ...nothing, started_at: started.updated_at, response_time_minutes: 90 });
    await app.superuser.query(
      `update incidents set created_at = created_at - interval '1 hour' where id = $1`,
      [id],
    );
    const resolved = await update(id, { status: 'resolved' });
    expect(resolved).toMatchObject({
      started_at: started.started_at,
      resolved_at: resolved.updated_at,
      closed_at: null,
      resolution_time_minutes: 150,
    });
    const closed = await update(id, { status: 'closed' });
    expect(closed).toMatchObject({
      started_at: started.started_at,
      resolved_at: resolved.resolved_at,
      closed_at: closed.updated_at,
      resolution_time_minutes: 150,
    });
  });

  test('start with an assignment, whatever the status, and do not end with it', async () => {
    const id = await incidentOf(7);
    const assigned = await update(id, { assigned_to: tenant.owner.id });
    expect(assigned).toMatchObject({
      status: 'open',
      started_at: assigned.updated_at,
      response_time_minutes: 7,
    });
    expect(await update(id, { assigned_to: null })).toMatchObject({
      assigned_to: null,
      started_at: assigned.started_at,
      response_time_minutes: 7,
    });
    expect(await update(id, { status: 'in_progress' })).toMatchObject({ started_at: assigned.started_at });
  });

  test('do not move when the status is written again', async () => {
    const id = await incidentOf(5, { status: 'resolved' });
    const before = (await tenant.owner.client.get(`/incidents/${id}`)).body;
    const after = await update(id, { status: 'resolved', title: 'Better title' });
    expect([after.started_at, after.resolved_at]).toEqual([before.started_at, before.resolved_at]);
  });

  test('count minutes that are over, not those that have begun', async () => {
    const id = await incidentOf(0);
    await app.superuser.query(
      `update incidents set created_at = created_at - interval '59.5 seconds' where id = $1`,
      [id],
    );
    expect((await update(id, { status: 'in_progress' })).response_time_minutes).toBe(0);
  });
});

describe('reopening', () => {
  test.each(['resolved', 'closed', 'cancelled'])(
    'a %s incident takes the times of its end away',
    async (ended) => {
      const id = await incidentOf(30);
      const before = await update(id, { status: ended });
      const after = await update(id, { status: 'in_progress' });
      expect(after).toMatchObject({
        status: 'in_progress',
        started_at: before.started_at,
        response_time_minutes: 30,
        resolved_at: null,
        closed_at: null,
        resolution_time_minutes: null,
      });
    },
  );

  test('is recorded in the timeline and in the audit trail, with the times that it took away', async () => {
    const id = await incidentOf(30);
    const resolved = await update(id, { status: 'resolved' });
    const reply = await tenant.owner.client.put(`/incidents/${id}`, { status: 'open' });
    const { body } = await tenant.owner.client.get(`/incidents/${id}/events?limit=1`);
    expect(body.items).toMatchObject([
      {
        type: 'reopened',
        actor_id: tenant.owner.id,
        changes: { status: { from: 'resolved', to: 'open' } },
      },
    ]);
    expect(await auditOf(app.superuser, reply)).toMatchObject([{ before: resolved, after: reply.body }]);
  });

  test('and resolving again counts from the creation to the latest end', async () => {
    const id = await incidentOf(10);
    await update(id, { status: 'resolved' });
    await update(id, { status: 'open' });
    await app.superuser.query(
      `update incidents set created_at = created_at - interval '10 minutes' where id = $1`,
      [id],
    );
    const again = await update(id, { status: 'resolved' });
    expect(again).toMatchObject({ resolved_at: again.updated_at, resolution_time_minutes: 20 });
  });
});
