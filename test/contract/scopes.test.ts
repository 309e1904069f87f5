import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyRequirements, type Scope, scopes } from '../../src/platform/auth/scopes.ts';
import type { Route } from '../../src/platform/http/route.ts';
import { keyOf } from '../harness/api-key.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Client } from '../harness/client.ts';
import { bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** A key of the organization's owner: whatever it may not do is for want of a scope. */
async function keyWith({ tenant }: World, granted: readonly Scope[]): Promise<Client> {
  const { orgId, owner } = tenant;
  return app.clientOf((await keyOf(app.superuser, { orgId, userId: owner.id, scopes: granted })).key);
}

const neededBy = ({ permission }: Route): string =>
  permission === 'public' || permission === 'operator' ? permission : keyRequirements[permission];
const routesFor = (needs: (needed: string) => boolean): readonly Route[] =>
  app.app.routes.filter((route) => route.permission !== 'public' && needs(neededBy(route)));
const isScope = (needed: string): needed is Scope => (scopes as readonly string[]).includes(needed);

test('every route says what it takes of a key', () => {
  expect(routesFor((needed) => needed === undefined)).toEqual([]);
  expect(routesFor(isScope).length).toBeGreaterThan(20);
});

test('without its scope, every route is refused by the name of the scope, and changes nothing', async () => {
  const world = await newWorld(app);
  const lacking = new Map<string, Client>();
  for (const scope of scopes) {
    lacking.set(
      scope,
      await keyWith(
        world,
        scopes.filter((other) => other !== scope),
      ),
    );
  }
  const before = await rowsOf(app, world.tenant.orgId);
  for (const route of routesFor(isScope)) {
    const needed = neededBy(route);
    const client = lacking.get(needed) as Client;
    const reply = await client.send(route.method, pathOf(route, world.ids), bodyOf(route, world.ids));
    expect([reply.status, reply.body.code], route.operationId).toEqual([403, 'auth.scope_missing']);
    expect(reply.body.detail).toContain(needed);
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('what takes a person is refused to a key with every scope, and changes nothing', async () => {
  const world = await newWorld(app);
  const client = await keyWith(world, scopes);
  const before = await rowsOf(app, world.tenant.orgId);
  for (const route of routesFor((needed) => needed === 'a person')) {
    const reply = await client.send(route.method, pathOf(route, world.ids), bodyOf(route, world.ids));
    expect([reply.status, reply.body.code], route.operationId).toEqual([403, 'auth.person_required']);
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('with its scope alone, every route does its work', async () => {
  for (const route of routesFor((needed) => isScope(needed) || needed === 'any key')) {
    const world = await newWorld(app);
    const needed = neededBy(route);
    const client = await keyWith(world, isScope(needed) ? [needed] : ['alerts:ingest']);
    if (route.operationId === 'restoreIncident') {
      await world.tenant.owner.client.delete(`/incidents/${world.ids['incident_id']}`);
    }
    if (route.operationId === 'deprecateConfig') {
      await world.tenant.owner.client.post(`/configs/${world.ids['configuration_id']}/publish`);
    }
    const reply = await client.send(route.method, pathOf(route, world.ids), bodyOf(route, world.ids));
    expect(reply.status, `${route.operationId} ${JSON.stringify(reply.body)}`).toBe(route.status);
  }
});
