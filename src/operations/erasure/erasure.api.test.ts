import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { openSession, type Session } from '../../commands/open-session.ts';
import { CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { sealAuditTrail } from '../../platform/audit/seal-audit-trail.ts';
import { verifyExport } from '../../platform/audit/verify-export.ts';
import { sql } from '../../platform/database/sql.ts';
import { pruneAuditTrail } from '../retention/index.ts';
import { eraseUser, signErasuresAnew } from './index.ts';

const keys = new CheckpointKeys([testSecret]);
let app: TestApp;
let operator: Session;

beforeAll(async () => {
  app = await startApp();
  operator = openSession({ dsn: inject('databases').owner, timeoutMs: 20_000 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const trail = ({ orgId }: Tenant): string => `/organizations/${orgId}/audit-events`;
const verify = async (tenant: Tenant) => (await tenant.owner.client.get(`${trail(tenant)}/verify`)).body;
async function erase(userId: string, organizations: readonly string[], isDryRun = false) {
  await sealAuditTrail(operator.db, { isPatient: true });
  return await eraseUser(operator.db, userId, { organizations, keys, isDryRun });
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
async function exportOf(tenant: Tenant): Promise<string[]> {
  const headers = { authorization: `Bearer ${tenant.owner.client.token}` };
  const response = await fetch(`${app.url}/api/v1${trail(tenant)}/export`, { headers });
  return (await response.text()).split('\n').slice(0, -1);
}

/** Somebody who was called otherwise before, whom others asked to join, and who has done something and was deleted. */
async function leaver() {
  const tenant = await newTenant(app);
  const other = await newTenant(app);
  const names = [unique('ada'), unique('lovelace')];
  const [former = '', email = ''] = names.map((name) => `${name}@example.com`);
  const { id, client } = await tenant.person('member');
  const { client: owner } = tenant.owner;
  await owner.put(`/users/${id}`, { email: former, full_name: `Ada ${names[0]}` });
  await owner.put(`/users/${id}`, { email, full_name: `Ada ${names[1]}`, username: names[1] });
  expect((await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Theirs' })).status).toBe(200);
  for (const [{ orgId, teamId, owner: by }, address] of [
    [tenant, former.toUpperCase()],
    [other, email],
  ] as const) {
    const invited = await by.client.post(`/organizations/${orgId}/invitations`, {
      email: address,
      team_id: teamId,
      role: 'member',
    });
    expect(invited.status, JSON.stringify(invited.body)).toBe(201);
  }
  return { id, email, names, tenant, other, organizations: [other.orgId, tenant.orgId] };
}
type Leaver = Awaited<ReturnType<typeof leaver>>;

async function deleted(): Promise<Leaver> {
  const person = await leaver();
  expect((await person.tenant.owner.client.delete(`/users/${person.id}`)).status).toBe(200);
  return person;
}

/** The tables in which anything still tells what the person was called. */
async function whereNamed({ names }: Leaver): Promise<string[]> {
  const { rows } = await app.superuser.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: hits } = await app.superuser.query(
      `select from ${name} each where each::text ilike any($1) limit 1`,
      [names.map((each) => `%${each}%`)],
    );
    found.push(...hits.map(() => name));
  }
  return found;
}

test('what tells who somebody was is gone from every table, and the account lets nobody in', async () => {
  const person = await deleted();
  expect(await whereNamed(person)).toEqual(expect.arrayContaining(['audit_events', 'invitations', 'users']));
  const { entries } = await erase(person.id, person.organizations);
  expect([...entries.keys()].toSorted()).toEqual([...person.organizations].toSorted());
  expect(await whereNamed(person)).toEqual([]);
  const { rows } = await app.superuser.query(
    `select email, username, is_active, password_hash, erased_at is not null as erased,
       (select count(*)::int from sessions s where s.user_id = u.id) as sessions,
       (select count(*)::int from audit_events e where e.actor_id = u.id and address is not null) as addresses
     from users u where id = $1`,
    [person.id],
  );
  expect(rows).toEqual([
    {
      email: `${person.id}@erased.invalid`,
      username: `erased-${person.id}`,
      is_active: false,
      password_hash: null,
      erased: true,
      sessions: 0,
      addresses: 0,
    },
  ]);
});

test('said first, and nothing is changed; a second time there is nothing left', async () => {
  const person = await deleted();
  const before = await exportOf(person.tenant);
  const said = await erase(person.id, person.organizations, true);
  // @NOTE that it was exported is an entry of its own.
  expect((await exportOf(person.tenant)).slice(0, before.length)).toEqual(before);
  const done = await erase(person.id, person.organizations);
  expect(done).toEqual(said);
  expect(done.isAccountErased).toBe(true);
  const again = await erase(person.id, person.organizations);
  expect(again).toEqual({ userId: person.id, entries: new Map(), isAccountErased: false });
});

test('nobody brings them back, and their address is free', async () => {
  const person = await deleted();
  await erase(person.id, person.organizations);
  const { client } = person.tenant.owner;
  const restored = await client.post(`/users/${person.id}/restore`);
  expect([restored.status, restored.body.code]).toEqual([409, 'user.erased']);
  const anew = await client.post(`/organizations/${person.tenant.orgId}/users`, {
    email: person.email,
    username: person.names[1],
    team_id: person.tenant.teamId,
    role: 'member',
  });
  expect(anew.status).toBe(200);
});

test('only who is deleted, and a person, is erased', async () => {
  const person = await leaver();
  await expect(erase(person.id, person.organizations)).rejects.toThrow('The user is not deleted');
  await expect(erase(person.tenant.orgId, person.organizations)).rejects.toThrow('There is no person');
  expect(await whereNamed(person)).toContain('users');
});

describe('the chain', () => {
  test('holds, here and offline, and the trail tells of it without a name', async () => {
    const person = await deleted();
    const { tenant } = person;
    const { entries } = await erase(person.id, person.organizations);
    expect(await verify(tenant)).toMatchObject({ ok: true, first_bad_seq: null });
    const checkpoint = (await tenant.owner.client.get(`${trail(tenant)}/checkpoint`)).body;
    const lines = await exportOf(tenant);
    expect(await verifyExport(each(lines), checkpoint)).toMatchObject({
      fault: null,
      erased: { entries: entries.get(tenant.orgId), keyIds: [checkpoint.key_id] },
    });
    const told = lines.map((line) => JSON.parse(line).entry).filter(({ action }) => action === 'user.erased');
    expect(told.map(({ actor_type, after }) => [actor_type, after])).toEqual([
      ['operator', { entries: entries.get(tenant.orgId), records: 1 }],
      ['operator', { account: true }],
    ]);
  });

  const tampering: readonly [string, string][] = [
    [
      'what is left',
      `update audit_events e set after = '{"forged": true}' from audit_erasures x where x.org_id = $1 and e.org_id = $1 and e.id = x.event_id and x.seq = $2`,
    ],
    [
      'the hash of what is left',
      `update audit_erasures set entry_hash = sha256('x') where org_id = $1 and seq = $2`,
    ],
    [
      'the signature',
      `update audit_erasures set signature = translate(signature, 'abcdef', 'bcdefa') where org_id = $1 and seq = $2`,
    ],
    ['that anything was erased', 'delete from audit_erasures where org_id = $1 and seq = $2'],
  ];
  test.each(tampering)('shows who changes %s', async (_, statement) => {
    const person = await deleted();
    const { orgId } = person.tenant;
    await erase(person.id, person.organizations);
    const { rows } = await app.superuser.query(
      'select min(seq)::int as seq from audit_erasures where org_id = $1',
      [orgId],
    );
    const seq = rows[0].seq;
    await app.superuser.query(statement, [orgId, seq]);
    expect(await verify(person.tenant)).toMatchObject({ ok: false, first_bad_seq: seq });
    expect(await verifyExport(each(await exportOf(person.tenant)), undefined)).toMatchObject({
      firstBadSeq: seq,
    });
  });

  test('shows who erases with another key; a key of before is replaced while it is known', async () => {
    const person = await deleted();
    const { orgId } = person.tenant;
    const former = new CheckpointKeys(['a secret of before, of some length, for tests']);
    await sealAuditTrail(operator.db, { isPatient: true });
    await eraseUser(operator.db, person.id, {
      organizations: person.organizations,
      keys: former,
      isDryRun: false,
    });
    expect(await verify(person.tenant)).toMatchObject({ ok: false });
    await signErasuresAnew(operator.db, orgId, keys);
    expect(await verify(person.tenant)).toMatchObject({ ok: false });
    await signErasuresAnew(
      operator.db,
      orgId,
      new CheckpointKeys([testSecret, 'a secret of before, of some length, for tests']),
    );
    expect(await verify(person.tenant)).toMatchObject({ ok: true });
  });

  test('goes on when its beginning is removed', async () => {
    const person = await deleted();
    const { orgId } = person.tenant;
    await erase(person.id, person.organizations);
    const before = '2999-01-01T00:00:00Z';
    await sealAuditTrail(operator.db, { isPatient: true });
    await pruneAuditTrail(operator.db, orgId, { before, keys, isDryRun: false });
    expect(await verify(person.tenant)).toMatchObject({ ok: true });
    const { rows } = await app.superuser.query(
      'select count(*)::int as n from audit_erasures where org_id = $1',
      [orgId],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});

test('the database lets nobody change an entry that is not said to be erased', async () => {
  const { tenant } = await deleted();
  const changed = await operator.db.transaction({ orgId: tenant.orgId }, (tx) =>
    tx.run(sql`update audit_events set after = null where org_id = ${tenant.orgId}`),
  );
  expect(changed).toBe(0);
});
