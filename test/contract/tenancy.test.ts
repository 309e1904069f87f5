import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/platform/http/route.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, type Tenant } from '../harness/tenant.ts';
import { absentIds, bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;
let victim: World;
let stranger: Tenant;

beforeAll(async () => {
  app = await startApp();
  victim = await newWorld(app);
  stranger = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const withoutRequestId = (body: { request_id?: string }) => ({ ...body, request_id: undefined });
const namesOrganization = (route: Route) => route.url.startsWith('/organizations/:org_id');

// @NOTE the route table exists only once an application is built; the walk is therefore inside the tests.
describe("another tenant's token", () => {
  test('gets 404, or 403 where the path names the organization, from every route with an id, and changes nothing', async () => {
    const routes = app.app.routes.filter((route) => route.url.includes(':'));
    expect(routes.length).toBeGreaterThan(30);
    const before = await rowsOf(app, victim.tenant.orgId);
    for (const route of routes) {
      const body = bodyOf(route, victim.ids);
      const reply = await stranger.owner.client.send(route.method, pathOf(route, victim.ids), body);
      const isOrganizationItself = route.operationId === 'getOrganization';
      expect(reply.status, route.operationId).toBe(
        namesOrganization(route) && !isOrganizationItself ? 403 : 404,
      );

      const absent = await stranger.owner.client.send(route.method, pathOf(route, absentIds()), body);
      expect(
        withoutRequestId(reply.body),
        `${route.operationId} tells a foreign id from an absent one`,
      ).toEqual(withoutRequestId(absent.body));
    }
    expect(await rowsOf(app, victim.tenant.orgId)).toBe(before);
  });

  test('cannot bring foreign ids in through bodies', async () => {
    const { owner, orgId, teamId } = stranger;
    const before = await rowsOf(app, victim.tenant.orgId);
    const { team_id: foreignTeam = '', user_id: foreignUser = '' } = victim.ids;

    const inTeam = await owner.client.post(`/organizations/${orgId}/users`, {
      email: 'mallory@example.com',
      username: 'mallory-of-another-team',
      team_id: foreignTeam,
    });
    expect(inTeam.status).toBe(404);
    const member = await owner.client.post(`/teams/${teamId}/members`, {
      user_id: foreignUser,
      role: 'viewer',
    });
    expect([member.status, member.body.code]).toEqual([400, 'user.other_organization']);
    const absent = await owner.client.post(`/teams/${teamId}/members`, {
      user_id: absentIds()['user_id'],
      role: 'viewer',
    });
    expect(withoutRequestId(absent.body)).toEqual(withoutRequestId(member.body));
    const assigned = await owner.client.post(`/teams/${teamId}/incidents`, {
      title: 'For someone else',
      assigned_to: foreignUser,
    });
    expect([assigned.status, assigned.body.code]).toEqual([422, 'incident.assignee_invalid']);
    expect(await rowsOf(app, victim.tenant.orgId)).toBe(before);
  });

  test("cannot page through another tenant's list by its cursor", async () => {
    const { owner, teamId } = victim.tenant;
    await victim.tenant.incident();
    const page = await owner.client.get(`/teams/${teamId}/incidents?limit=1`);
    const cursor = page.body.next_cursor;
    expect(cursor).toEqual(expect.any(String));
    const other = await stranger.owner.client.get(`/teams/${stranger.teamId}/incidents?cursor=${cursor}`);
    expect([other.status, other.body.errors]).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
    const otherFilter = await owner.client.get(`/teams/${teamId}/incidents?status=open&cursor=${cursor}`);
    expect(otherFilter.status).toBe(422);
    const otherList = await owner.client.get(`/teams/${teamId}/agent-configs?cursor=${cursor}`);
    expect(otherList.status).toBe(422);
  });
});

describe('an idempotency_key', () => {
  test('is its organization’s own', async () => {
    const first = await victim.tenant.incident({ idempotency_key: 'shared-key' });
    const second = await stranger.incident({ idempotency_key: 'shared-key' });
    expect(second.id).not.toBe(first.id);
  });
});
