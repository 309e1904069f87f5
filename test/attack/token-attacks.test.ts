import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../harness/app.ts';
import { badTokens, handMade } from '../harness/bad-tokens.ts';
import { bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';
import { AttackClient } from './attack-client.ts';
import { startAttackedApp } from './attacked-app.ts';
import { everyRoute, isOfScim, oracleOf } from './oracle.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startAttackedApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

test('each token that is none is refused by every operation with one body, and changes nothing', async () => {
  const good = world.tenant.owner.client.token ?? '';
  const client = new AttackClient(app);
  const asked = await client.send({ method: 'GET', path: '/auth/me', token: handMade(good) });
  expect(asked.status, 'a token made by hand is right').toBe(200);
  const operations = oracleOf(everyRoute(app)).operations.filter(({ least }) => least !== 'public');
  const before = await rowsOf(app, world.tenant.orgId);
  const bodies = { api: new Set<string>(), scim: new Set<string>() };
  for (const [kind, token] of Object.entries(badTokens(good))) {
    for (const operation of operations) {
      const body = bodyOf(operation, world.ids);
      const answer = await client.send({
        method: operation.method,
        path: pathOf(operation, world.ids),
        token,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const where = `${operation.operationId} with a token ${kind}`;
      expect([where, answer.status, answer.faults]).toEqual([where, 401, []]);
      bodies[isOfScim(operation) ? 'scim' : 'api'].add(
        JSON.stringify({ ...answer.body, request_id: undefined }),
      );
    }
  }
  process.stdout.write(`tokens: ${operations.length} operations, ${client.calls} calls\n`);
  expect([...bodies.api]).toHaveLength(1);
  expect([...bodies.scim]).toHaveLength(1);
  expect(operations.length).toBe(everyRoute(app).filter(({ permission }) => permission !== 'public').length);
  expect(client.calls).toBe(1 + operations.length * Object.keys(badTokens(good)).length);
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});
