import pg from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { operator } from '../audit/audit-entry.ts';
import { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { typeParsers } from '../database/types.ts';
import { Timestamp } from '../schemas/common-schemas.ts';
import { changeBy } from './change.ts';

let app: TestApp;
let tenant: Tenant;
/** As the service, and as the owner of the tables, who the operator's commands are. */
let db: Database;
let operatorDb: Database;
const [pool, operatorPool] = (['service', 'owner'] as const).map(
  (role) =>
    new pg.Pool({
      connectionString: inject('databases')[role],
      max: 1,
      pipeline: true,
      types: typeParsers as pg.CustomTypesConfig,
    }),
) as [pg.Pool, pg.Pool];
const recorded: string[] = [];

beforeAll(async () => {
  app = await startApp();
  const observer = {
    connectionAcquired: () => undefined,
    connectionRefused: () => undefined,
    changeRecorded: (action: string) => recorded.push(action),
  };
  db = new Database({ pool, observer });
  operatorDb = new Database({ pool: operatorPool, observer });
});
afterAll(() => Promise.all([pool.end(), operatorPool.end(), app[Symbol.asyncDispose]()]));
beforeEach(async () => {
  tenant = await newTenant(app);
  recorded.length = 0;
});

const rename = (name: string) => sql`update teams set description = ${name} where id = ${tenant.teamId}`;
const description = async () =>
  (await app.superuser.query('select description from teams where id = $1', [tenant.teamId])).rows[0]
    .description;
const entries = async (action: string) =>
  (
    await app.superuser.query(
      'select actor_type, actor_id, request_id from audit_events where org_id = $1 and action = $2',
      [tenant.orgId, action],
    )
  ).rows;
const entry = {
  action: 'team.updated' as const,
  resourceType: 'team',
  resourceId: 'team',
};

test.each([
  ['a user', () => ({ userId: tenant.owner.id, requestId: 'r-1', address: null }), 'user'],
  ['the operator', () => operator, 'operator'],
])('%s changes rows together with an audit entry in their name', async (_, actorOf, type) => {
  const actor = actorOf();
  const own = actor.userId === null ? operatorDb : db;
  await changeBy(own, actor, tenant.orgId, async (tx, record) => {
    await tx.run(rename('new'));
    record({ ...entry, at: await tx.startedAt(), resourceId: tenant.teamId });
  });
  expect(await description()).toBe('new');
  expect(await entries(entry.action)).toEqual([
    { actor_type: type, actor_id: actor.userId, request_id: actor.requestId },
  ]);
  expect(recorded).toEqual([entry.action]);
});

test('rows without an entry do not commit, whoever changes them', async () => {
  const change = changeBy(operatorDb, operator, tenant.orgId, (tx) => tx.run(rename('unseen')));
  await expect(change).rejects.toThrow('has no audit entry');
  expect(await description()).toBeNull();
  expect(recorded).toEqual([]);
});

test('what is sent behind a change and fails undoes all of it, and the connection is sound', async () => {
  const change = changeBy(operatorDb, operator, tenant.orgId, async (tx, record) => {
    await tx.run(rename('half'));
    tx.later(
      sql`insert into teams (org_id, id, name, slug) values (${tenant.orgId}, ${tenant.teamId}, 'x', 'x')`,
    );
    record({ ...entry, at: await tx.startedAt(), resourceId: tenant.teamId });
  });
  await expect(change).rejects.toMatchObject({ code: '23505' });
  expect(await description()).toBeNull();
  expect(await entries(entry.action)).toEqual([]);
  expect(recorded).toEqual([]);
  const again = await operatorDb.transaction({ orgId: tenant.orgId }, (tx) => tx.run(rename('whole')));
  expect(again).toBe(1);
});

test('a transaction tells when it began, and everything in it is of that time', async () => {
  const [began, said] = await db.transaction({}, async (tx) => [
    await tx.startedAt(),
    await tx.one(Type.Object({ at: Timestamp }), sql`select now()::timestamptz(3) as at`),
  ]);
  expect(said).toEqual({ at: began });
});
