import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const next = 'another long passphrase';
const logIn = async (email: string, tried: string): Promise<number> =>
  (await app.anonymous.post('/auth/login', { email, password: tried })).status;

test('one’s own password is set by who knows it, not by who holds a token', async () => {
  const { owner } = await newTenant(app);
  const { client, email, id } = owner;
  const trials = [
    [{}, 422, 'request.invalid'],
    [{ current_password: 'not the passphrase' }, 401, 'auth.password_wrong'],
  ] as const;
  for (const [fields, status, code] of trials) {
    const replies = [
      await client.put(`/users/${id}`, { password: next, ...fields }),
      await client.post('/auth/password', { new_password: next, ...fields }),
    ];
    expect(replies.map((reply) => [reply.status, reply.body.code])).toEqual([
      [status, code],
      [status, code],
    ]);
  }
  expect([await logIn(email, password), await logIn(email, next)]).toEqual([200, 401]);
  const weak = await client.post('/auth/password', { new_password: 'short', current_password: password });
  expect([weak.status, weak.body.errors]).toMatchObject([422, [{ pointer: '/new_password' }]]);

  const done = await client.post('/auth/password', { new_password: next, current_password: password });
  expect(done.status).toBe(204);
  expect([await logIn(email, password), await logIn(email, next)]).toEqual([401, 200]);
  expect((await client.get('/auth/me')).status).toBe(401);
});

test('who has no password sets one just after a login through the provider, and at no other time', async () => {
  const tenant = await newTenant(app);
  const { id, email, client } = await tenant.person('member');
  await app.superuser.query(
    `update sessions set created_at = now() - interval '11 minutes' where user_id = $1`,
    [id],
  );
  const late = await client.post('/auth/password', { new_password: next });
  expect([late.status, late.body.code]).toEqual([401, 'auth.login_required']);
  await app.superuser.query(
    `update sessions set created_at = now(), method = 'password' where user_id = $1`,
    [id],
  );
  expect((await client.post('/auth/password', { new_password: next })).body.code).toBe('auth.login_required');
  await app.superuser.query(`update sessions set method = 'single_sign_on' where user_id = $1`, [id]);
  expect((await client.post('/auth/password', { new_password: next })).status).toBe(204);
  expect(await logIn(email, next)).toBe(200);
});

test('of several changes that begin with one password, one is made', async () => {
  const { owner } = await newTenant(app);
  const replies = await Promise.all(
    Array.from({ length: 4 }, (_, index) =>
      owner.client.post('/auth/password', { new_password: `${next} ${index}`, current_password: password }),
    ),
  );
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 401, 401, 401]);
});

test('guessing the current password is counted with the guesses at logins', async () => {
  const { client, email } = (await newTenant(app)).owner;
  const guess = (n: number) =>
    client.post('/auth/password', { new_password: next, current_password: `a wrong guess ${n}` });
  const codes: string[] = [];
  for (let n = 0; n < 8 && codes.at(-1) !== 'auth.throttled'; n += 1) {
    codes.push((await guess(n)).body.code);
  }
  expect(codes.at(-1)).toBe('auth.throttled');
  expect(await logIn(email, password)).toBe(429);
});

test('a password of thirty years ago is as good as one of today', async () => {
  const { owner } = await newTenant(app);
  const { rowCount } = await app.superuser.query(
    `update users set created_at = now() - interval '30 years', updated_at = now() - interval '30 years' where id = $1`,
    [owner.id],
  );
  expect(rowCount).toBe(1);
  expect(await logIn(owner.email, password)).toBe(200);
});
