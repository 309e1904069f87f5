import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { mailsTo, tokenMailedTo } from '../../../test/harness/mails.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const newAddress = (): string => `${unique('invited')}@example.com`;
const invite = async ({ owner, orgId, teamId }: Tenant, email: string, fields: object = {}) =>
  await owner.client.post(`/organizations/${orgId}/invitations`, { email, team_id: teamId, ...fields });
const accept = (token: string, fields: object = {}) =>
  app.anonymous.post('/invitations/accept', { token, ...fields });
const asNew = () => ({ username: unique('new'), password });
const logIn = async (email: string, tried = password) =>
  (await app.anonymous.post('/auth/login', { email, password: tried })).status;
const prove = (email: string) =>
  app.superuser.query('update users set verified_email = email where email = $1', [email]);

test('somebody without an account joins with a new one, once, and has proved the address', async () => {
  const tenant = await newTenant(app);
  const email = newAddress();
  const made = await invite(tenant, email, { role: 'viewer' });
  expect([made.status, made.body]).toMatchObject([
    201,
    { state: 'open', email, role: 'viewer', accepted_by: null },
  ]);
  expect(made.headers.get('location')).toBe(
    `/api/v1/organizations/${tenant.orgId}/invitations/${made.body.id}`,
  );
  const token = await tokenMailedTo(app, email);

  const bare = await accept(token);
  expect([bare.status, bare.body.errors]).toMatchObject([
    422,
    [{ pointer: '/username' }, { pointer: '/password' }],
  ]);
  expect((await accept(token, { username: unique('new'), password: 'short' })).status).toBe(422);
  const joined = await accept(token, asNew());
  expect([joined.status, joined.body]).toMatchObject([
    201,
    { email, role: 'viewer', team_id: tenant.teamId, org_id: tenant.orgId, is_verified: true },
  ]);
  expect(joined.headers.get('location')).toBe(`/api/v1/users/${joined.body.id}`);
  expect(await logIn(email)).toBe(200);
  const again = await accept(token, asNew());
  expect([again.status, again.body.code]).toEqual([410, 'invitation.expired']);

  const listed = await tenant.owner.client.get(`/organizations/${tenant.orgId}/invitations`);
  expect(listed.body.items).toMatchObject([{ state: 'accepted', accepted_by: joined.body.id }]);
  const { rows } = await app.superuser.query(
    `select action, actor_id from audit_events where org_id = $1 and (resource_id = $2 or resource_id = $3) order by occurred_at, action`,
    [tenant.orgId, made.body.id, joined.body.id],
  );
  expect(rows.map(({ action }) => action).toSorted()).toEqual([
    'invitation.accepted',
    'invitation.created',
    'user.created',
  ]);
  const { rows: kept } = await app.superuser.query(
    `select (select json_agg(i) from invitations i where org_id = $1) as invitations, (select json_agg(a) from audit_events a where org_id = $1) as trail`,
    [tenant.orgId],
  );
  expect(JSON.stringify([kept, app.log])).not.toContain(token);
});

test('somebody with a proved account joins by the token alone, and keeps what they have', async () => {
  const [tenant, home] = [await newTenant(app), await newTenant(app)];
  const { email, client, id } = home.owner;
  await prove(email);
  await invite(tenant, email.toUpperCase());
  const token = await tokenMailedTo(app, email.toUpperCase());
  const tooMuch = await accept(token, asNew());
  expect([tooMuch.status, tooMuch.body.errors]).toMatchObject([
    422,
    [{ pointer: '/username' }, { pointer: '/password' }],
  ]);
  const joined = await accept(token);
  expect([joined.status, joined.body]).toMatchObject([201, { id, org_id: tenant.orgId, role: 'member' }]);
  const { body: organizations } = await client.get('/organizations');
  expect(organizations.map((each: { id: string }) => each.id).toSorted()).toEqual(
    [home.orgId, tenant.orgId].toSorted(),
  );
  expect(await logIn(email)).toBe(200);

  // What the organization may do to them ends at its own membership.
  const promoted = await tenant.owner.client.put(`/users/${id}`, { role: 'admin' });
  expect([promoted.status, promoted.body.role]).toEqual([200, 'admin']);
  const renamed = await tenant.owner.client.put(`/users/${id}`, { full_name: 'Somebody Else' });
  expect([renamed.status, renamed.body.code]).toEqual([403, 'auth.forbidden']);
  expect(
    (await tenant.owner.client.post(`/teams/${tenant.teamId}/members`, { user_id: id, role: 'viewer' }))
      .status,
  ).toBe(400);

  // Somebody who left joins again.
  expect((await tenant.owner.client.delete(`/users/${id}`)).status).toBe(200);
  expect((await client.get(`/organizations/${tenant.orgId}`)).status).toBe(404);
  await invite(tenant, email);
  expect((await accept(await tokenMailedTo(app, email))).status).toBe(201);
  expect((await client.get(`/organizations/${tenant.orgId}`)).status).toBe(200);
});

test('what was in an account that nobody had proved does not join with its person', async () => {
  const [tenant, planter] = [await newTenant(app), await newTenant(app)];
  const email = newAddress();
  const planted = await planter.owner.client.post(`/organizations/${planter.orgId}/users`, {
    email,
    username: unique('planted'),
    team_id: planter.teamId,
    password: 'known to the one who planted',
    is_verified: true,
  });
  const login = await app.anonymous.post('/auth/login', { email, password: 'known to the one who planted' });
  const stranger = app.clientOf(login.body.access_token);
  await invite(tenant, email);
  const token = await tokenMailedTo(app, email);
  const bare = await accept(token);
  expect([bare.status, bare.body.errors]).toMatchObject([422, [{ pointer: '/password' }]]);
  const joined = await accept(token, { password });
  expect([joined.status, joined.body.id]).toEqual([201, planted.body.id]);
  expect((await stranger.get('/auth/me')).status).toBe(401);
  expect([await logIn(email, 'known to the one who planted'), await logIn(email)]).toEqual([401, 200]);
});

test('the answer to who invites is the same for every address, and one address has one open invitation', async () => {
  const [tenant, other] = [await newTenant(app), await newTenant(app)];
  const known = await invite(tenant, other.owner.email);
  const unknown = await invite(tenant, newAddress());
  const shape = ({ status, body, headers }: typeof known) => [
    status,
    Object.keys(body),
    body.state,
    [...headers.keys()].toSorted(),
  ];
  expect(shape(known)).toEqual(shape(unknown));
  const twice = await invite(tenant, other.owner.email.toUpperCase());
  expect([twice.status, twice.body.code]).toEqual([409, 'invitation.already_open']);
});

test('a mail that is sent again, an invitation that is revoked, make the token before worthless', async () => {
  const tenant = await newTenant(app);
  const email = newAddress();
  const { body } = await invite(tenant, email);
  const path = `/organizations/${tenant.orgId}/invitations/${body.id}`;
  const first = await tokenMailedTo(app, email);
  expect((await tenant.owner.client.post(`${path}/resend`)).status).toBe(200);
  const second = await tokenMailedTo(app, email, 2);
  expect((await accept(first, asNew())).status).toBe(410);
  expect((await tenant.owner.client.delete(path)).status).toBe(204);
  expect((await accept(second, asNew())).status).toBe(410);
  for (const over of [
    await tenant.owner.client.delete(path),
    await tenant.owner.client.post(`${path}/resend`),
  ]) {
    expect([over.status, over.body.code]).toEqual([409, 'invitation.over']);
  }
  expect((await tenant.owner.client.get(path)).body).toMatchObject({
    state: 'revoked',
    updated_by: tenant.owner.id,
  });
});

test.each([
  ['it has expired', `update invitations set expires_at = now() where org_id = $1`],
  ['a backup was restored', `update invitations set epoch = gen_random_uuid() where org_id = $1`],
  ['who sent it is deactivated', `update users set is_active = false where org_id = $1`],
  [
    'who sent it may not invite any more',
    `update organization_memberships set role = 'member' where org_id = $1`,
  ],
])('an invitation is good no more where %s', async (_, change) => {
  const tenant = await newTenant(app);
  const email = newAddress();
  await invite(tenant, email);
  await app.superuser.query(change, [tenant.orgId]);
  const reply = await accept(await tokenMailedTo(app, email), asNew());
  expect([reply.status, reply.body.code]).toEqual([410, 'invitation.expired']);
});

test('of those who join at once as many get in as there is room for, and each token is good once', async () => {
  const tenant = await newTenant(app);
  await app.superuser.query('update organizations set max_users_per_team = 3 where id = $1', [tenant.orgId]);
  const addresses = Array.from({ length: 5 }, newAddress);
  const tokens: string[] = [];
  for (const email of addresses) {
    await invite(tenant, email);
    tokens.push(await tokenMailedTo(app, email));
  }
  const replies = await Promise.all(
    tokens.flatMap((token) => [accept(token, asNew()), accept(token, asNew())]),
  );
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(2);
  const others = new Set(replies.filter(({ status }) => status !== 201).map(({ body }) => body.code));
  expect(
    [...others].filter(
      (code) =>
        ![
          'team.user_limit_reached',
          'invitation.expired',
          'user.email_taken',
          'invitation.account_inactive',
        ].includes(code),
    ),
  ).toEqual([]);
  const { rows } = await app.superuser.query(
    'select count(*)::int as n from team_memberships where org_id = $1',
    [tenant.orgId],
  );
  expect(rows).toEqual([{ n: 3 }]);
});

test('a deactivated account does not join; names in mails lead nowhere; a team takes its invitations with it', async () => {
  const [tenant, other] = [await newTenant(app), await newTenant(app)];
  const email = other.owner.email;
  await tenant.owner.client.put(`/organizations/${tenant.orgId}`, {
    name: `Win at https://evil.example/${randomUUID()}`,
  });
  const teamId = await tenant.team();
  await invite(tenant, email, { team_id: teamId });
  const [mail] = await mailsTo(app, email);
  expect(mail?.text).not.toMatch(/https?:|evil\.example/);
  await app.superuser.query('update users set is_active = false where email = $1', [email]);
  const reply = await accept(await tokenMailedTo(app, email));
  expect([reply.status, reply.body.code]).toEqual([409, 'invitation.account_inactive']);
  expect((await tenant.owner.client.delete(`/teams/${teamId}`)).status).toBe(204);
  expect((await accept(await tokenMailedTo(app, email))).status).toBe(410);
});
