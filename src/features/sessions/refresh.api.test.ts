import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { newTenant, password, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
/** Another instance on the same database, which keeps sessions for shorter. */
let other: TestApp;

beforeAll(async () => {
  [app, other] = await Promise.all([
    startApp(),
    startApp({ sessions: { idleMinutes: 120, maxMinutes: 1_440 } }),
  ]);
});
afterAll(() => Promise.all([app, other].map((each) => each[Symbol.asyncDispose]())));

const refresh = (token: string, at = app) => at.anonymous.post('/auth/refresh', { refresh_token: token });
const isIn = async (token: string) => (await app.clientOf(token).get('/auth/me')).status === 200;

/** Somebody who has just logged in by password, in a tenant of their own. */
async function somebody() {
  const tenant = await newTenant(app);
  const name = unique('r');
  const email = `${name}@example.com`;
  const fields = { email, username: name, password, team_id: tenant.teamId, role: 'member' };
  const { body: user } = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, fields);
  const { body: login } = await app.anonymous.post('/auth/login', { email, password });
  const sessionId = claimsOf(login.access_token)['sid'] as string;
  const alter = (assignment: string) =>
    app.superuser.query(`update sessions set ${assignment} where id = $1`, [sessionId]);
  return { tenant, id: user.id as string, email, login, sessionId, alter };
}

/** The replaced token of a session, shown too late. */
const tooLate = `refreshed_at = refreshed_at - interval '11 seconds'`;

test('a login gives a refresh token, of which the database has a hash, and which gives the next tokens of the session', async () => {
  const { login, sessionId, id } = await somebody();
  expect(login).toMatchObject({ expires_in: 3_600, refresh_expires_in: 604_800 });
  const { status, body } = await refresh(login.refresh_token, other);
  expect([status, body.token_type, body.expires_in, body.refresh_expires_in]).toEqual([
    200,
    'bearer',
    3_600,
    7_200,
  ]);
  expect(body.refresh_token).not.toBe(login.refresh_token);
  expect(claimsOf(body.access_token)).toMatchObject({ sub: id, sid: sessionId });
  expect(await Promise.all([isIn(login.access_token), isIn(body.access_token)])).toEqual([true, true]);
  const { rows } = await app.superuser.query('select s::text as row from sessions s where id = $1', [
    sessionId,
  ]);
  for (const token of [login.refresh_token, body.refresh_token]) {
    const bytes = Buffer.from(token.slice(4), 'base64url').toString('hex');
    expect(rows[0].row).not.toContain(bytes.slice(0, 64));
    expect(rows[0].row).not.toContain(bytes.slice(64));
  }
  const sessions = (await app.clientOf(body.access_token).get('/auth/sessions')).body.items;
  expect(sessions[0]).toMatchObject({ id: sessionId, refreshed_at: expect.any(String) });
});

test('whoever did not hear the reply is given it again, for ten seconds', async () => {
  const { login } = await somebody();
  const first = await refresh(login.refresh_token);
  const again = await refresh(login.refresh_token, other);
  expect([again.status, again.body.refresh_token]).toEqual([200, first.body.refresh_token]);
  expect((await refresh(again.body.refresh_token)).status).toBe(200);
});

test('twenty at once on two instances are given one successor', async () => {
  const { login } = await somebody();
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) => refresh(login.refresh_token, index % 2 === 0 ? app : other)),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(replies.map(({ body }) => body.refresh_token)).size).toBe(1);
});

describe('a token that was replaced', () => {
  test('ends the session for the thief and for the owner, and leaves an entry, where it is shown later', async () => {
    const { login, sessionId, id, alter } = await somebody();
    const { body: next } = await refresh(login.refresh_token);
    await alter(tooLate);
    const reused = await refresh(login.refresh_token);
    expect([reused.status, reused.body.code]).toEqual([401, 'auth.refresh_reused']);
    expect(await auditOf(app.superuser, reused)).toMatchObject([
      { action: 'session.reused', actor_id: id, resource_id: sessionId, address: '127.0.0.1' },
    ]);
    expect(await Promise.all([isIn(login.access_token), isIn(next.access_token)])).toEqual([false, false]);
    for (const token of [next.refresh_token, login.refresh_token]) {
      expect((await refresh(token)).body.code).toBe('auth.refresh_invalid');
    }
  });

  test('does so at once where it is older than the one before', async () => {
    const { login } = await somebody();
    const second = await refresh(login.refresh_token);
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
    expect((await refresh(login.refresh_token)).body.code).toBe('auth.refresh_reused');
  });

  test('leaves other sessions of its user alone', async () => {
    const { login, email, alter } = await somebody();
    const elsewhere = await app.anonymous.post('/auth/login', { email, password });
    await refresh(login.refresh_token);
    await alter(tooLate);
    expect((await refresh(login.refresh_token)).body.code).toBe('auth.refresh_reused');
    expect((await refresh(elsewhere.body.refresh_token)).status).toBe(200);
  });
});

type Somebody = Awaited<ReturnType<typeof somebody>>;
const ends: Readonly<Record<string, (who: Somebody) => Promise<unknown>>> = {
  'its user logs out': ({ login }) => app.clientOf(login.access_token).post('/auth/logout'),
  'its user is given another password': ({ tenant, id }) =>
    tenant.owner.client.put(`/users/${id}`, { password: 'another long passphrase' }),
  'its user is deactivated': ({ tenant, id }) =>
    tenant.owner.client.put(`/users/${id}`, { is_active: false }),
  'its user is removed': ({ tenant, id }) => tenant.owner.client.delete(`/users/${id}`),
  'its organization is turned off': ({ tenant }) =>
    tenant.owner.client.put(`/organizations/${tenant.orgId}`, { is_active: false }),
  'it was not gone on with for long': ({ alter }) => alter('expires_at = now()'),
  'its login is too long ago': ({ alter }) => alter(`created_at = now() - interval '31 days'`),
  // As a restore does it: src/operations/backup/restore/end-credentials.ts.
  'the database was restored': ({ alter }) => alter('epoch = gen_random_uuid()'),
};

describe('a refresh token is good for nothing, in the same words, where', () => {
  test.each(Object.keys(ends))('%s', async (kind) => {
    const who = await somebody();
    await ends[kind]?.(who);
    const refused = await refresh(who.login.refresh_token);
    const unknown = await refresh(`brf_${'A'.repeat(86)}`);
    const none = await refresh('none');
    const { request_id: _, ...words } = none.body;
    expect([none.status, words.code]).toEqual([401, 'auth.refresh_invalid']);
    for (const { status, body } of [refused, unknown]) {
      expect([status, body]).toEqual([401, { ...words, request_id: body.request_id }]);
    }
  });
});

test('a session goes on as long as is said from its login, and its last tokens are not longer', async () => {
  const { login, alter } = await somebody();
  await alter(`created_at = now() - interval '1410 minutes'`);
  const { status, body } = await refresh(login.refresh_token, other);
  expect([status, body.expires_in === body.refresh_expires_in]).toEqual([200, true]);
  expect(body.refresh_expires_in).toBeGreaterThan(1_700);
  expect(body.refresh_expires_in).toBeLessThanOrEqual(1_800);
});

test('a session that is not gone on with is over for its tokens, too', async () => {
  const { login, alter } = await somebody();
  const client = app.clientOf(login.access_token);
  expect((await client.get('/auth/me')).status).toBe(200);
  const { refresh_expires_in: idleSeconds } = (await refresh(login.refresh_token)).body;
  expect(idleSeconds).toBeGreaterThan(0);
  expect((await client.get('/auth/me')).status).toBe(200);
  await alter(`expires_at = expires_at - interval '${idleSeconds} seconds'`);
  expect((await client.get('/auth/me')).status).toBe(401);
  expect((await refresh(login.refresh_token)).body.code).toBe('auth.refresh_invalid');
});
