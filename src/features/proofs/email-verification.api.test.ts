import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { tokenMailedTo } from '../../../test/harness/mails.ts';
import { newTenant } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('an address is proved by who is logged in and reads the mailbox, once', async () => {
  const { orgId, owner } = await newTenant(app);
  const { client, email, id } = owner;
  expect((await client.post('/auth/email/verification')).status).toBe(202);
  const token = await tokenMailedTo(app, email);
  const stranger = (await newTenant(app)).owner.client;
  const byStranger = await stranger.post('/auth/email/verify', { token });
  expect([byStranger.status, byStranger.body.code]).toEqual([410, 'proof.expired']);
  expect((await app.anonymous.post('/auth/email/verify', { token })).status).toBe(401);
  expect(
    (await app.anonymous.post('/auth/password/reset', { token, new_password: 'a horse of another colour' }))
      .status,
  ).toBe(410);

  const replies = await Promise.all([1, 2, 3].map(() => client.post('/auth/email/verify', { token })));
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 410, 410]);
  expect((await client.get('/auth/me')).body.is_verified).toBe(true);
  const again = await client.post('/auth/email/verification');
  expect([again.status, again.body.code]).toEqual([409, 'user.already_verified']);
  const { rows } = await app.superuser.query(
    `select action from audit_events where org_id = $1 and resource_id = $2 and action like 'user.email%' order by occurred_at`,
    [orgId, id],
  );
  expect(rows.map(({ action }) => action)).toEqual(['user.email_verification_sent', 'user.email_verified']);
});

test('what proved an address proves no other: a new one is proved anew', async () => {
  const { client, email, id } = (await newTenant(app)).owner;
  await client.post('/auth/email/verification');
  const token = await tokenMailedTo(app, email);
  const renamed = `new-${email}`;
  expect((await client.put(`/users/${id}`, { email: renamed })).status).toBe(200);
  expect((await client.post('/auth/email/verify', { token })).status).toBe(410);
  expect((await client.post('/auth/email/verification')).status).toBe(202);
  const next = await tokenMailedTo(app, renamed);
  expect((await client.post('/auth/email/verify', { token: next })).status).toBe(204);
  expect((await client.get('/auth/me')).body).toMatchObject({ email: renamed, is_verified: true });
});

test('mails are sent five times an hour', async () => {
  const { client } = (await newTenant(app)).owner;
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    statuses.push((await client.post('/auth/email/verification')).status);
  }
  expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
});
