import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Remembering, remembering } from '../../../../test/harness/accounts.ts';
import { startApp, type TestApp } from '../../../../test/harness/app.ts';
import { tokenOf } from '../../../../test/harness/session.ts';
import { newTenant, type Tenant } from '../../../../test/harness/tenant.ts';
import { Database } from '../../database/database.ts';
import { createPool } from '../../database/pool.ts';
import { type Moment, momentOf } from './access-log.ts';
import { AccessWatch } from './access-watch.ts';
import type { Account } from './account.ts';
import { AccountCache, type CacheOutcome } from './account-cache.ts';

let one: TestApp;
let other: TestApp;
let ways: [Remembering, Remembering];
let tenant: Tenant;

beforeAll(async () => {
  ways = [remembering(), remembering()];
  one = await startApp({ accounts: ways[0].accounts });
  other = await startApp({ accounts: ways[1].accounts });
  tenant = await newTenant(one);
});
afterAll(async () => {
  await Promise.all([one, other, ...ways].map((each) => each[Symbol.asyncDispose]()));
});

async function outcomesOf({ app }: TestApp): Promise<Partial<Record<CacheOutcome, number>>> {
  const metric = await app.metrics.registry.getSingleMetric('account_cache_requests_total')?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels['outcome'], value]));
}

/** A member of the team, who both instances know, with a token of their own. */
async function knownMember(role: 'admin' | 'member' | 'viewer' = 'admin') {
  const { id: userId, email } = await tenant.person(role);
  const token = await tokenOf(one.superuser, { userId, orgId: tenant.orgId, email, roles: [role] });
  const [here, there] = [one.clientOf(token), other.clientOf(token)];
  for (const client of [here, there]) {
    await client.get('/auth/me');
    expect((await client.get('/auth/me')).body).toMatchObject({ id: userId, role });
  }
  return { userId, here, there };
}

/** When, in milliseconds from now, the last request began that was answered as it is no more. */
async function staleUntil(isStale: () => Promise<boolean>): Promise<number> {
  const acknowledgedAt = performance.now();
  for (let last = acknowledgedAt; ; ) {
    const beganAt = performance.now();
    if (!(await isStale())) {
      return last - acknowledgedAt;
    }
    last = beganAt;
  }
}

test('who calls is answered from memory, in the words of the database', async () => {
  const { userId, here } = await knownMember('viewer');
  // @NOTE an instance that did not get to know what changed in time asks the database for once: it does not stay so.
  for (const path of ['/auth/me', '/okta/userinfo', `/users/${userId}`, `/teams/${tenant.teamId}/members`]) {
    const isHit = async () => {
      const { hit_memory = 0 } = await outcomesOf(one);
      expect((await here.get(path)).status).toBe(200);
      return ((await outcomesOf(one)).hit_memory ?? 0) === hit_memory + 1;
    };
    await expect.poll(isHit).toBe(true);
  }
  const plain = await startApp();
  const { token } = here as unknown as { token: string };
  try {
    for (const path of ['/auth/me', '/okta/userinfo']) {
      expect((await here.get(path)).body).toEqual((await plain.clientOf(token).get(path)).body);
    }
  } finally {
    await plain[Symbol.asyncDispose]();
  }
});

type Member = Awaited<ReturnType<typeof knownMember>>;
const owner = () => tenant.owner.client;
const asSuperuser = (text: string) => (member: Member) => one.superuser.query(text, [member.userId]);

/** What somebody is by `/auth/me`: a role, or a status. */
async function standing(client: Member['here']): Promise<unknown> {
  const { status, body } = await client.get('/auth/me');
  return status === 200 ? body.role : status;
}

test.each<[string, (member: Member) => Promise<unknown>, unknown]>([
  ['demotion', ({ userId }) => owner().put(`/users/${userId}`, { role: 'viewer' }), 'viewer'],
  ['deactivation', ({ userId }) => owner().put(`/users/${userId}`, { is_active: false }), 401],
  ['deletion', ({ userId }) => owner().delete(`/users/${userId}`), 401],
  ['logout', ({ here }) => here.post('/auth/logout'), 401],
  ['end of all sessions', ({ here }) => here.delete('/auth/sessions'), 401],
])(
  'the %s of somebody counts at the next request where it was made, and within a second elsewhere',
  async (_, change, now) => {
    const member = await knownMember();
    await change(member);
    expect(await standing(member.here)).toBe(now);
    expect(await staleUntil(async () => (await standing(member.there)) !== now)).toBeLessThan(1_000);
  },
);

test.each<[string, (member: Member) => Promise<unknown>, unknown]>([
  ['role', asSuperuser(`update team_memberships set role = 'viewer' where user_id = $1`), 'viewer'],
  ['user', asSuperuser('update users set is_active = false where id = $1'), 401],
  ['session', asSuperuser('delete from sessions where user_id = $1'), 401],
  [
    'membership',
    asSuperuser('update organization_memberships set removed_at = now() where user_id = $1'),
    401,
  ],
])('a %s that is changed in the database counts within a second', async (_, change, now) => {
  const member = await knownMember();
  await change(member);
  expect(await staleUntil(async () => (await standing(member.here)) !== now)).toBeLessThan(1_000);
});

test('a second factor that an organization asks for counts at the next request where that was said, and within a second elsewhere', async () => {
  const asking = await newTenant(one);
  const { id: userId, email } = await asking.person('member');
  const subject = { userId, orgId: asking.orgId, email, roles: ['member'] };
  const token = await tokenOf(one.superuser, subject);
  const [here, there] = [one.clientOf(token), other.clientOf(token)];
  const both = () => Promise.all([standing(here), standing(there)]);
  expect(await both()).toEqual(['member', 'member']);
  await one.superuser.query('update sessions set second_factor = $1 where user_id = $2', [
    'totp',
    asking.owner.id,
  ]);
  const asked = await asking.owner.client.put(`/organizations/${asking.orgId}`, { mfa_required: true });
  expect(asked.status).toBe(200);
  expect(await standing(here)).toBe(403);
  expect(await staleUntil(async () => (await standing(there)) !== 403)).toBeLessThan(1_000);
  await one.superuser.query('update sessions set second_factor = $1 where user_id = $2', ['totp', userId]);
  expect(await both()).toEqual(['member', 'member']);
  await one.superuser.query('update sessions set second_factor = null where user_id = $1', [userId]);
  expect(await staleUntil(async () => (await standing(here)) !== 403)).toBeLessThan(1_000);
});

test('a session is over on time', async () => {
  const member = await knownMember();
  await one.superuser.query(
    `update sessions set expires_at = now() + interval '1 second' where user_id = $1`,
    [member.userId],
  );
  await standing(member.here);
  const isOver = async () =>
    (
      await one.superuser.query('select from sessions where user_id = $1 and expires_at <= now()', [
        member.userId,
      ])
    ).rowCount;
  await expect.poll(isOver).toBe(2);
  // @NOTE nothing was committed that could tell: it is remembered with its end, and measured by the clock of the database.
  expect(await standing(member.here)).toBe(401);
});

test('an instance that does not get to know what changed asks the database each time, and trusts nothing from before', async () => {
  const { userId, here } = await knownMember();
  const [way] = ways;
  way.isCutOff = true;
  try {
    await one.superuser.query(`update team_memberships set role = 'viewer' where user_id = $1`, [userId]);
    expect(await staleUntil(async () => (await standing(here)) === 'admin')).toBeLessThan(1_000);
    const { untrusted = 0 } = await outcomesOf(one);
    await one.superuser.query(`update team_memberships set role = 'member' where user_id = $1`, [userId]);
    expect(await standing(here)).toBe('member');
    expect((await outcomesOf(one)).untrusted).toBeGreaterThan(untrusted);
  } finally {
    way.isCutOff = false;
  }
  const { stale_refused = 0 } = await outcomesOf(one);
  const isRefused = async () =>
    (await standing(here)) === 'member' && ((await outcomesOf(one)).stale_refused ?? 0) > stale_refused;
  await expect.poll(isRefused).toBe(true);
});

describe('a cache of its own', () => {
  const statements: string[] = [];
  const outcomes: CacheOutcome[] = [];
  let pool: ReturnType<typeof createPool>;
  let db: Database;
  let watch: AccessWatch;

  beforeAll(async () => {
    pool = createPool({
      dsn: inject('databases').service,
      sizeMin: 0,
      sizeMax: 4,
      acquireTimeoutMs: 10_000,
      recycleSeconds: 3_600,
      statementTimeoutMs: 20_000,
      lockTimeoutMs: 10_000,
      idleInTransactionTimeoutMs: 20_000,
      queryTimeoutMs: 25_000,
      onIdleError: () => undefined,
    });
    db = new Database({ pool, queryObserver: { onStatement: (text) => statements.push(text) } });
    watch = new AccessWatch(ways[0].accounts.readAccess);
    await watch.start();
  });
  afterAll(async () => {
    await watch[Symbol.asyncDispose]();
    await pool.end();
  });

  const cacheOn = (within: Pick<Database, 'within'>): AccountCache =>
    new AccountCache({
      ...ways[0].accounts,
      db: within,
      watch,
      shared: undefined,
      onOutcome: (outcome) => outcomes.push(outcome),
    });

  async function subject() {
    const { id: userId, email } = await tenant.person('admin');
    await tokenOf(one.superuser, { userId, orgId: tenant.orgId, email, roles: [] });
    const { rows } = await one.superuser.query('select id from sessions where user_id = $1 limit 1', [
      userId,
    ]);
    return { userId, orgId: tenant.orgId, sessionId: rows[0].id as string };
  }

  test('asks once for a thousand who miss the same user', async () => {
    const who = await subject();
    const cache = cacheOn(db);
    statements.length = 0;
    await expect.poll(() => watch.isTrusted).toBe(true);
    const found = await Promise.all(Array.from({ length: 1_000 }, () => cache.find(who)));
    expect(found.filter((caller) => caller?.principal.userId === who.userId)).toHaveLength(1_000);
    expect(statements).toHaveLength(1);
  });

  test('keeps nothing that was read before a change and comes after it', async () => {
    const who = await subject();
    const changing = await one.superuser.connect();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: wasRead, resolve: read } = Promise.withResolvers<Moment>();
    /** Answers what it read only once it is told to. */
    const late: Pick<Database, 'within'> = {
      within: (...args) => {
        const within = db.within(...args);
        const maybe = within.maybe.bind(within);
        return Object.assign(within, {
          async maybe(...what: Parameters<typeof maybe>) {
            const row = await maybe(...what);
            read(momentOf(row as Account));
            await released;
            return row;
          },
        });
      },
    };
    const cache = cacheOn(late);
    await expect.poll(() => watch.isTrusted).toBe(true);
    await changing.query('begin');
    await changing.query(`update team_memberships set role = 'viewer' where user_id = $1`, [who.userId]);
    const found = cache.find(who);
    const moment = await wasRead;
    await changing.query('commit');
    changing.release();
    await expect.poll(() => watch.isTrusted && !watch.holds(who.userId, moment)).toBe(true);
    release();
    expect(await found).toBeUndefined();
    await expect.poll(async () => (await cache.find(who))?.profile.role).toBe('viewer');
  });
});
