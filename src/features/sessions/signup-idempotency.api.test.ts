import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { signupBody, unique } from '../../../test/harness/tenant.ts';
import { PayloadFingerprints } from '../../platform/changes/payload-fingerprints.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const signUp = (body: object, key = 'k-1') =>
  app.anonymous.post('/auth/signup', body, { headers: { 'idempotency-key': key } });
const idOf = async (token: string): Promise<string> => (await app.clientOf(token).get('/auth/me')).body.id;
const countByEmail = async (email: string): Promise<number> =>
  (await app.superuser.query('select count(*)::int as n from users where email = $1', [email])).rows[0].n;

describe('a sign-up whose reply was lost', () => {
  test('can be sent again under its Idempotency-Key, and gives a fresh token of the same user', async () => {
    const body = signupBody();
    const first = await signUp(body);
    const again = await signUp(body);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.access_token).not.toBe(first.body.access_token);
    expect(await idOf(again.body.access_token)).toBe(await idOf(first.body.access_token));
    expect(await countByEmail(body.email)).toBe(1);
  });

  test('keeps no token and no password for it', async () => {
    const body = signupBody();
    const { access_token: token } = (await signUp(body)).body;
    const { rows } = await app.superuser.query('select * from idempotency_keys where principal_id = $1', [
      await idOf(token),
    ]);
    expect(rows).toMatchObject([{ route: 'POST /api/v1/auth/signup', key: 'k-1', reply: {} }]);
    const { password: _, ...rest } = body;
    expect(rows[0].fingerprint).toEqual(new PayloadFingerprints([testSecret]).of(rest)[0]);
  });
});

describe('the same key', () => {
  test('with a wrong password tells what anyone is told', async () => {
    const body = signupBody();
    await signUp(body);
    const reply = await signUp({ ...body, password: 'not the right passphrase' });
    expect([reply.status, reply.body.code]).toEqual([400, 'user.email_taken']);
    expect(reply.body).not.toHaveProperty('access_token');
  });

  test('with another payload is refused', async () => {
    const body = signupBody();
    await signUp(body);
    const reply = await signUp({ ...body, organization_name: unique('Other') });
    expect([reply.status, reply.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
  });

  test('of someone else makes their own organization', async () => {
    const [mine, theirs] = [await signUp(signupBody()), await signUp(signupBody())];
    expect([mine.status, theirs.status]).toEqual([200, 200]);
    expect(await idOf(mine.body.access_token)).not.toBe(await idOf(theirs.body.access_token));
  });
});

describe('a known e-mail and the right password', () => {
  test('give no token without the key, nor with another', async () => {
    const body = signupBody();
    await signUp(body);
    for (const reply of [await app.anonymous.post('/auth/signup', body), await signUp(body, 'k-2')]) {
      expect([reply.status, reply.body.code]).toEqual([400, 'user.email_taken']);
    }
  });

  test('give no token where the user was made by someone else under that key', async () => {
    const owner = app.clientOf((await signUp(signupBody())).body.access_token);
    const { org_id: orgId, team_id } = (await owner.get('/auth/me')).body;
    const { email, username, password } = signupBody();
    await owner.post(
      `/organizations/${orgId}/users`,
      { email, username, password, team_id },
      { headers: { 'idempotency-key': 'k-1' } },
    );
    expect((await signUp(signupBody({ email, username, password }))).body.code).toBe('user.email_taken');
  });

  test('give no token once the user is deactivated', async () => {
    const body = signupBody();
    const id = await idOf((await signUp(body)).body.access_token);
    await app.superuser.query('update users set is_active = false where id = $1', [id]);
    const reply = await signUp(body);
    expect([reply.status, reply.body.code]).toEqual([400, 'user.email_taken']);
  });
});

test('a key that is none is refused by name', async () => {
  const reply = await signUp(signupBody(), 'two words');
  expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/headers/idempotency-key' }]]);
});
