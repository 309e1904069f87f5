import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { mailsTo, tokenMailedTo } from '../../../test/harness/mails.ts';
import { enrol } from '../../../test/harness/second-factor.ts';
import { newTenant, password, type Tenant } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';
import { MailSeal } from '../../platform/mail/mail-seal.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({
    mail: { seal: new MailSeal([testSecret]), linkUrl: 'https://app.example.com/account' },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

const next = 'a horse that nobody has heard of';
const forgot = (email: string) => app.anonymous.post('/auth/password/forgot', { email });
const reset = (token: string, fields: object = {}) =>
  app.anonymous.post('/auth/password/reset', { token, new_password: next, ...fields });
const logIn = async (email: string, tried: string): Promise<number> =>
  (await app.anonymous.post('/auth/login', { email, password: tried })).status;
const entriesOf = async ({ orgId, owner }: Tenant) => {
  const { rows } = await app.superuser.query(
    `select action, after, actor_id from audit_events where org_id = $1 and resource_id = $2 and action like 'user.%password%'
     order by occurred_at`,
    [orgId, owner.id],
  );
  return rows;
};

test('whoever reads the mailbox sets a new password once, which ends all sessions and proves the address', async () => {
  const tenant = await newTenant(app);
  const { email, client } = tenant.owner;
  expect((await forgot(email.toUpperCase())).status).toBe(202);
  const token = await tokenMailedTo(app, email);
  const [mail] = await mailsTo(app, email);
  expect(mail?.text).toContain(`https://app.example.com/account#password-reset=${token}\n`);

  const weak = await reset(token, { new_password: 'short' });
  expect([weak.status, weak.body.errors]).toMatchObject([422, [{ pointer: '/new_password' }]]);
  const replies = await Promise.all([1, 2, 3, 4].map(() => reset(token)));
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 410, 410, 410]);
  expect((await reset(token)).body.code).toBe('proof.expired');

  expect((await client.get('/auth/me')).status).toBe(401);
  expect([await logIn(email, password), await logIn(email, next)]).toEqual([401, 200]);
  const { rows } = await app.superuser.query('select verified_email from users where email = $1', [email]);
  expect(rows).toEqual([{ verified_email: email }]);
  expect(await entriesOf(tenant)).toMatchObject([
    { action: 'user.password_reset_requested', actor_id: tenant.owner.id },
    { action: 'user.password_reset', after: { ended: ['sessions'] } },
  ]);
  const { rows: kept } = await app.superuser.query(
    `select (select json_agg(t) from mail_tokens t) as tokens, (select json_agg(a) from audit_events a where org_id = $1) as trail`,
    [tenant.orgId],
  );
  expect(JSON.stringify([kept, app.log])).not.toContain(token);
});

test('the answer tells nobody whether an address is known, and a sixth mail within an hour is not sent', async () => {
  const { email } = (await newTenant(app)).owner;
  const unknown = `${randomUUID()}@example.com`;
  const shapes = new Set<string>();
  for (const address of [email, unknown]) {
    for (let n = 0; n < 6; n += 1) {
      const { status, body, headers } = await forgot(address);
      shapes.add(JSON.stringify([status, body, [...headers.keys()].toSorted()]));
    }
  }
  expect(shapes.size).toBe(1);
  await tokenMailedTo(app, email, 5);
  await expect
    .poll(async () => {
      const { rows } = await app.superuser.query(
        `select failures from login_attempts where bucket = login_bucket('forgot-account', $1, '')`,
        [unknown],
      );
      return rows;
    })
    .toEqual([{ failures: 5 }]);
  expect(await mailsTo(app, email)).toHaveLength(5);
  expect(await mailsTo(app, unknown)).toEqual([]);
});

test.each([
  ['expired', `update mail_tokens set expires_at = now() where user_id = $1`],
  ['the password is another one', `update users set password_hash = 'x' where id = $1`],
  ['the address is another one', `update users set email = 'new-' || email where id = $1`],
  ['its user was deactivated', `update users set is_active = false where id = $1`],
  ['its user was deleted', `update users set deleted_at = now() where id = $1`],
  ['a backup was restored', `update mail_tokens set epoch = gen_random_uuid() where user_id = $1`],
  ['it is for something else', `update mail_tokens set purpose = 'email_verification' where user_id = $1`],
])('a token is good no more where %s', async (_, change) => {
  const { id, email } = (await newTenant(app)).owner;
  await forgot(email);
  const token = await tokenMailedTo(app, email);
  await app.superuser.query(change, [id]);
  const reply = await reset(token);
  expect([reply.status, reply.body.code]).toEqual([410, 'proof.expired']);
});

test('in an account that nobody had proved, identities of whoever made it end', async () => {
  const tenant = await newTenant(app);
  const person = await tenant.person('member');
  const plant = () =>
    app.superuser.query(
      `insert into user_identities (issuer, subject, org_id, user_id) values ('https://id.example.com', $1, $2, $3)`,
      [randomUUID(), tenant.orgId, person.id],
    );
  const planted = async () =>
    (await app.superuser.query('select from user_identities where user_id = $1', [person.id])).rowCount;
  await plant();
  await forgot(person.email);
  expect((await reset(await tokenMailedTo(app, person.email))).status).toBe(204);
  expect([await planted(), await logIn(person.email, next)]).toEqual([0, 200]);

  await plant();
  await forgot(person.email);
  expect((await reset(await tokenMailedTo(app, person.email, 2), { new_password: password })).status).toBe(
    204,
  );
  expect(await planted()).toBe(1);
});

test('a second factor is asked for as before, and ends in an account that nobody had proved', async () => {
  const { owner } = await newTenant(app);
  const isAsked = async (passphrase: string) =>
    (await app.anonymous.post('/auth/login', { email: owner.email, password: passphrase })).body.code ===
    'auth.mfa_required';
  await app.superuser.query('update users set verified_email = email where id = $1', [owner.id]);
  await enrol(owner.client);
  await forgot(owner.email);
  expect((await reset(await tokenMailedTo(app, owner.email))).status).toBe(204);
  expect(await isAsked(next)).toBe(true);

  await app.superuser.query('update users set verified_email = null where id = $1', [owner.id]);
  await forgot(owner.email);
  const done = await reset(await tokenMailedTo(app, owner.email, 2), { new_password: password });
  expect(done.status).toBe(204);
  expect(await isAsked(password)).toBe(false);
  expect(await auditOf(app.superuser, done)).toMatchObject([
    { after: { ended: ['sessions', 'second factor'] } },
  ]);
});

test('nobody who is no person, or may not log in, is sent a mail', async () => {
  const tenant = await newTenant(app);
  const person = await tenant.person('member');
  await app.superuser.query('update users set is_active = false where id = $1', [person.id]);
  await forgot(person.email);
  await forgot(tenant.owner.email);
  await tokenMailedTo(app, tenant.owner.email);
  expect(await mailsTo(app, person.email)).toEqual([]);
});
