import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { newTenant, signupBody, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** Somebody who owns two organizations and is logged in to the first. */
async function ofTwo() {
  const { body: login } = await app.anonymous.post('/auth/signup', signupBody());
  const client = app.clientOf(login.access_token);
  const { body: me } = await client.get('/auth/me');
  const second = (await client.post('/organizations', { name: unique('Second') })).body.id as string;
  return { login, client, id: me.id as string, first: me.org_id as string, second };
}

describe('a switch', () => {
  test('answers tokens for the other organization, and the session before is over', async () => {
    const { login, client, id, first, second } = await ofTwo();
    const session = claimsOf(login.access_token)['sid'];
    await app.superuser.query(`update sessions set created_at = now() - interval '29 days' where id = $1`, [
      session,
    ]);
    const reply = await client.post('/auth/switch', { organization_id: second.toUpperCase() });
    expect(reply.status).toBe(200);
    const claims = claimsOf(reply.body.access_token);
    expect(claims).toMatchObject({ sub: id, org_id: second });
    expect(claims['sid']).not.toBe(session);
    expect(reply.body.refresh_expires_in).toBeLessThanOrEqual(86_400);
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      { org_id: second, action: 'session.begun', resource_id: claims['sid'], after: { is_switch: true } },
    ]);
    const there = app.clientOf(reply.body.access_token);
    expect((await there.get('/auth/me')).body).toMatchObject({ id, org_id: second });
    expect((await client.get('/auth/me')).status).toBe(401);
    const { refresh_token } = login;
    expect((await app.anonymous.post('/auth/refresh', { refresh_token })).body.code).toBe(
      'auth.refresh_invalid',
    );
    const { refresh_token: next } = reply.body;
    const refreshed = await app.anonymous.post('/auth/refresh', { refresh_token: next });
    expect(claimsOf(refreshed.body.access_token)).toMatchObject({ org_id: second });
    const back = await there.post('/auth/switch', { organization_id: first });
    expect(claimsOf(back.body.access_token)).toMatchObject({ org_id: first });
  });

  test('to an organization of others, or to none, finds nothing, and the session goes on', async () => {
    const { client } = await ofTwo();
    const { orgId } = await newTenant(app);
    for (const organization_id of [orgId, '01890a5d-ac97-7c31-9a4e-5d1f0b6e2c14']) {
      const reply = await client.post('/auth/switch', { organization_id });
      expect([reply.status, reply.body.code]).toEqual([404, 'organization.not_found']);
    }
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  test('to one that is not active is refused, and the session goes on', async () => {
    const { client, second } = await ofTwo();
    await client.put(`/organizations/${second}`, { is_active: false });
    const reply = await client.post('/auth/switch', { organization_id: second });
    expect([reply.status, reply.body.code]).toEqual([403, 'organization.inactive']);
    expect((await client.get('/auth/me')).status).toBe(200);
  });
});

describe('whoever asks who they are', () => {
  test('is told where they belong and what they may', async () => {
    const { login, client, id, first, second } = await ofTwo();
    const { body } = await client.get('/auth/whoami');
    expect(body).toMatchObject({
      user_id: id,
      org_id: first,
      session_id: claimsOf(login.access_token)['sid'],
      api_key_id: null,
      teams: [{ org_id: first, role: 'admin' }],
    });
    const organizations = body.organizations.map((each: { id: string; role: string }) => each.id);
    expect(organizations.sort()).toEqual([first, second].sort());
    expect(body.scopes).toContain('audit:read');
  });

  test('with a key is told what that leaves of it', async () => {
    const { id, first } = await ofTwo();
    const made = await keyOf(app.superuser, { orgId: first, userId: id, scopes: ['incidents:read'] });
    const { body } = await app.clientOf(made.key).get('/auth/whoami');
    expect(body).toMatchObject({
      user_id: id,
      session_id: null,
      api_key_id: made.id,
      organizations: [{ id: first }],
      scopes: ['incidents:read'],
    });
  });
});
