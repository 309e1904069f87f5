import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Permission } from '../../src/platform/auth/permissions.ts';
import { keyRequirements, scopes } from '../../src/platform/auth/scopes.ts';
import { createPool } from '../../src/platform/database/pool.ts';
import type { Route } from '../../src/platform/http/route.ts';
import { keyOf } from '../harness/api-key.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Client } from '../harness/client.ts';
import { absentIds, newWorld, pathOf, type World } from '../harness/world.ts';

let pool: pg.Pool;
let app: TestApp;
let world: World;
/** How often a server process was ready for more, on all connections: the round trips so far. */
let roundTrips = 0;

beforeAll(async () => {
  pool = createPool({
    dsn: inject('databases').service,
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  pool.on('connect', (client) => {
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('readyForQuery', () => {
      roundTrips += 1;
    });
  });
  app = await startApp({ pool, prePing: false });
  world = await newWorld(app);
  // @NOTE what other tests left without a place in the chain would be sealed by the first who shows theirs, batch by batch.
  const sealSome = 'select seal_audit_events(100000, true) as sealed';
  while ((await app.superuser.query<{ sealed: number }>(sealSome)).rows[0]?.sealed !== 0) {}
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await pool.end();
});

/** Reads that need more than one, and why. */
const more: Readonly<Record<string, number>> = {
  // which teams the caller may read decides the statement
  listOrganizationIncidents: 2,
  listOrganizationStats: 2,
  listConfigs: 2,
  listOrganizationProposals: 2,
  // what they belong to decides whether the caller may read them
  listIncidentEvents: 2,
  listAgentConfigVersions: 2,
  listProposals: 2,
  getAgentConfigVersion: 2,
  listConfigVersions: 2,
  getConfigVersion: 2,
  diffConfig: 2,
  // that it was read is written into it
  listAuditEvents: 2,
  // what waits for its place in the chain is sealed before the chain is shown, whoever calls being known
  getAuditCheckpoint: 3,
  verifyAuditEvents: 5,
  // and that nothing was removed before all is read
  exportAuditEvents: 7,
};

/** Those that give what was written its place in the chain first. */
const sealing: ReadonlySet<string> = new Set([
  'getAuditCheckpoint',
  'verifyAuditEvents',
  'exportAuditEvents',
]);

describe('who calls is asked in the round trip of what they ask for', () => {
  const reads = () =>
    app.app.routes.filter(({ method, permission }) => method === 'GET' && permission !== 'public');

  /** The round trips of each of these reads, by operation. */
  async function countOf(client: Client, routes: readonly Route[]): Promise<Record<string, number>> {
    const counted: Record<string, number> = {};
    for (const route of routes) {
      const { operationId } = route;
      const count = async () => {
        const before = roundTrips;
        expect((await client.get(pathOf(route, world.ids))).status, operationId).toBe(200);
        return roundTrips - before;
      };
      // @NOTE the first time, its statements are prepared.
      await count();
      counted[operationId] = await count();
      // @NOTE what other tests have written meanwhile is sealed, batch by batch, by whoever asks for a chain: the next one has none of it.
      for (let again = 0; sealing.has(operationId) && again < 20; again += 1) {
        counted[operationId] = Math.min(counted[operationId], await count());
      }
    }
    return counted;
  }

  const expected = (routes: readonly Route[]) =>
    Object.fromEntries(routes.map(({ operationId }) => [operationId, more[operationId] ?? 1]));

  test('by every read', async () => {
    expect(await countOf(world.tenant.owner.client, reads())).toEqual(expected(reads()));
    expect(Object.keys(more).filter((id) => !reads().some(({ operationId }) => operationId === id))).toEqual(
      [],
    );
  });

  test('with an API key, too, once the instance has seen it', async () => {
    const { orgId, owner } = world.tenant;
    const { id, key } = await keyOf(app.superuser, { orgId, userId: owner.id, scopes });
    // @NOTE its use is written down already, so that nothing else is under way.
    await app.superuser.query('update api_keys set last_used_at = now() where id = $1', [id]);
    const ofKeys = reads().filter(
      ({ permission }) => keyRequirements[permission as Permission] !== 'a person',
    );
    expect(ofKeys.length).toBeGreaterThan(15);
    expect(await countOf(app.clientOf(key), ofKeys)).toEqual(expected(ofKeys));
  });
});

describe('who belongs to many organizations', () => {
  const paths = (ids: Readonly<Record<string, string>>): string[] => [
    `/teams/${ids['team_id']}`,
    `/users/${ids['user_id']}`,
    `/incidents/${ids['incident_id']}`,
    `/agent-configs/${ids['config_id']}`,
    `/configs/${ids['configuration_id']}`,
    `/stats/${ids['stats_id']}`,
  ];
  let elsewhere: World;

  beforeAll(async () => {
    elsewhere = await newWorld(app);
    await app.superuser.query(
      `with made as (
         insert into organizations (id, name, slug) select gen_random_uuid(), 'many-' || n || $1::uuid, 'many-' || n || '-' || $1::uuid
         from generate_series(1, 300) n returning id
       )
       insert into organization_memberships (org_id, user_id, role) select id, $1::uuid, 'owner' from made
       union all select $2::uuid, $1::uuid, 'owner'`,
      [world.tenant.owner.id, elsewhere.tenant.orgId],
    );
  });

  const tripsOf = async (ids: Readonly<Record<string, string>>, status: number) => {
    const counted: number[] = [];
    for (const path of paths(ids)) {
      // @NOTE the first time, its statements are prepared.
      await world.tenant.owner.client.get(path);
      const before = roundTrips;
      expect((await world.tenant.owner.client.get(path)).status, path).toBe(status);
      counted.push(roundTrips - before);
    }
    return counted;
  };

  test('is told of an id that is nowhere, or a stranger’s, in two round trips', async () => {
    expect(await tripsOf(absentIds(), 404)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await tripsOf((await newWorld(app)).ids, 404)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test('finds what another one of theirs holds in three', async () => {
    expect(await tripsOf(elsewhere.ids, 200)).toEqual([3, 3, 3, 3, 3, 3]);
  });

  test('is told of what an organization holds that they have left as of what is nowhere', async () => {
    await app.superuser.query(
      'update organization_memberships set removed_at = now() where org_id = $1 and user_id = $2',
      [elsewhere.tenant.orgId, world.tenant.owner.id],
    );
    expect(await tripsOf(elsewhere.ids, 404)).toEqual([2, 2, 2, 2, 2, 2]);
  });
});
