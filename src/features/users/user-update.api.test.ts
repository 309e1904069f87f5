import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { tokenOf } from '../../../test/harness/session.ts';
import { newTenant, password, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const rowOf = async (id: string) =>
  (await app.superuser.query('select * from users where id = $1', [id])).rows[0];
const logIn = (email: string, tried: string) => app.anonymous.post('/auth/login', { email, password: tried });
const refusal = ({ status, body }: Reply) => [
  status,
  body.code,
  body.errors?.map(({ pointer }: { pointer: string }) => pointer),
];

describe('a change of a user', () => {
  test('touches the fields that are given, and tells the audit trail', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    const before = (await member.client.get(`/users/${member.id}`)).body;
    const fields = {
      full_name: 'Grace Hopper',
      avatar_url: 'https://example.com/grace.png',
      preferences: { theme: 'dark', access_token: 't-1' },
    };
    const reply = await member.client.put(`/users/${member.id}`, fields);
    expect([reply.status, reply.body]).toEqual([
      200,
      { ...before, ...fields, updated_by: member.id, updated_at: expect.any(String) },
    ]);
    expect(await rowOf(member.id)).toMatchObject({ ...fields, updated_by: member.id });
    expect(await auditOf(app.superuser, reply)).toEqual([
      {
        org_id: tenant.orgId,
        action: 'user.updated',
        actor_type: 'user',
        actor_id: member.id,
        resource_type: 'user',
        resource_id: member.id,
        team_id: tenant.teamId,
        before,
        after: { ...reply.body, preferences: { theme: 'dark', access_token: '[masked]' } },
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ]);
  });

  test('can empty what may be empty', async () => {
    const { owner } = await newTenant(app);
    await owner.client.put(`/users/${owner.id}`, { full_name: 'Ada', avatar_url: 'x' });
    const reply = await owner.client.put(`/users/${owner.id}`, { full_name: null, avatar_url: null });
    expect([reply.status, reply.body]).toMatchObject([200, { full_name: null, avatar_url: null }]);
  });

  test('of a password takes effect at the next login, and appears nowhere', async () => {
    const { owner } = await newTenant(app);
    const reply = await owner.client.put(`/users/${owner.id}`, {
      password: 'an even longer passphrase',
      current_password: password,
    });
    expect(reply.status).toBe(200);
    expect((await logIn(owner.email, password)).status).toBe(401);
    expect((await logIn(owner.email, 'an even longer passphrase')).status).toBe(200);
    const audit = await auditOf(app.superuser, reply);
    expect(audit).toMatchObject([{ action: 'user.updated', after: { password: '[masked]' } }]);
    expect(JSON.stringify([reply.body, audit])).not.toMatch(/longer passphrase|argon2/);
  });

  test('of one’s own address makes it an unverified one', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    const vouched = await tenant.owner.client.put(`/users/${member.id}`, { is_verified: true });
    expect([vouched.status, vouched.body.is_verified]).toEqual([200, false]);
    await app.superuser.query('update users set verified_email = email where id = $1', [member.id]);
    expect((await member.client.put(`/users/${member.id}`, { email: member.email })).body.is_verified).toBe(
      true,
    );
    const email = `${unique('new')}@example.com`;
    const reply = await member.client.put(`/users/${member.id}`, { email });
    expect([reply.status, reply.body]).toMatchObject([200, { email, is_verified: false }]);
  });

  test.each([
    ['email', 'user.email_taken'],
    ['username', 'user.username_taken'],
  ])('to the %s of another, in any case, is refused', async (field, code) => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const taken = (await rowOf(theirs.owner.id))[field];
    const reply = await mine.owner.client.put(`/users/${mine.owner.id}`, { [field]: taken.toUpperCase() });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(reply.body.detail).toContain('already exists');
  });

  test('to its own e-mail and username in another case is possible', async () => {
    const { owner } = await newTenant(app);
    const fields = {
      email: owner.email.toUpperCase(),
      username: (await rowOf(owner.id)).username.toUpperCase(),
    };
    const reply = await owner.client.put(`/users/${owner.id}`, fields);
    expect([reply.status, reply.body]).toMatchObject([200, fields]);
  });

  test.each([
    ['nothing', {}, ['']],
    ['no e-mail', { email: null }, ['/email']],
    ['an e-mail that is none', { email: 'ada' }, ['/email']],
    ['a role that is none', { role: 'owner' }, ['/role']],
    ['a password that is too short', { password: 'only 14 chars.' }, ['/password']],
    ['another team', { team_id: randomUUID() }, ['/team_id']],
    ['another organization', { org_id: randomUUID() }, ['/org_id']],
    ['a hash', { password_hash: 'x' }, ['/password_hash']],
    ['a deletion', { deleted_at: null }, ['/deleted_at']],
  ])('to %s is refused by name', async (_, fields, pointers) => {
    const { owner } = await newTenant(app);
    const reply = await owner.client.put(`/users/${owner.id}`, fields);
    expect(refusal(reply)).toEqual([422, 'request.invalid', pointers]);
  });

  test('of another organization is not found', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    for (const id of [theirs.owner.id, randomUUID()]) {
      const reply = await mine.owner.client.put(`/users/${id}`, { full_name: 'Mine' });
      expect([reply.status, reply.body.code]).toEqual([404, 'user.not_found']);
    }
  });

  test('by ten at once is told in the audit trail as it happened, one after the other', async () => {
    const { owner, orgId } = await newTenant(app);
    const names = Array.from({ length: 10 }, (_, index) => `Name ${index}`);
    await Promise.all(names.map((full_name) => owner.client.put(`/users/${owner.id}`, { full_name })));
    const { rows } = await app.superuser.query<{ before: string | null; after: string }>(
      `select before ->> 'full_name' as before, after ->> 'full_name' as after from audit_events
       where org_id = $1 and action = 'user.updated'`,
      [orgId],
    );
    const next = new Map(rows.map(({ before, after }) => [before, after]));
    const told: string[] = [];
    for (let name = next.get(null); name !== undefined; name = next.get(name)) {
      told.push(name);
    }
    expect(told.toSorted()).toEqual(names);
    expect((await rowOf(owner.id)).full_name).toBe(told.at(-1));
  });
});

test('who is deactivated can be activated again, and only then used', async () => {
  const tenant = await newTenant(app);
  const member = await tenant.person('member');
  const set = (is_active: boolean) => tenant.owner.client.put(`/users/${member.id}`, { is_active });
  expect((await set(false)).body.is_active).toBe(false);
  expect((await member.client.get('/auth/me')).status).toBe(401);
  expect((await set(true)).status).toBe(200);
  // @NOTE their sessions ended; a new one begins.
  expect((await member.client.get('/auth/me')).status).toBe(401);
  const token = await tokenOf(app.superuser, {
    userId: member.id,
    orgId: tenant.orgId,
    email: member.email,
    roles: [],
  });
  expect((await app.clientOf(token).get('/auth/me')).status).toBe(200);
});
