import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { signupBody, unique } from '../../../test/harness/tenant.ts';
import { createLogger } from '../../platform/observability/logger.ts';
import type { SignupLimitOptions } from './signup-limits.ts';

let app: TestApp;

afterEach(() => app[Symbol.asyncDispose]());

const http = {
  logger: createLogger({ level: 'CRITICAL', destination: { write: () => undefined } }),
  corsOrigins: [],
  trustedProxies: ['127.0.0.1'],
};
/** @NOTE limits are counted in the database, which other tests sign up in from other addresses. */
let address: string;
const start = async (signup: SignupLimitOptions): Promise<void> => {
  app = await startApp({ signup, http });
  address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
};
const signUp = (fields: object = {}, at = app) =>
  at.anonymous.post('/auth/signup', signupBody(fields), { headers: { 'x-forwarded-for': address } });

describe('sign-ups from one address', () => {
  test('are limited in their attempts a minute, whether they succeed or not', async () => {
    await start({ attemptsPerMinute: 2, successesPerHour: null });
    expect((await signUp()).status).toBe(200);
    expect((await signUp({ password: 'short' })).status).toBe(422);
    const organization_name = unique('Third');
    const reply = await signUp({ organization_name });
    expect([reply.status, reply.body.code]).toEqual([429, 'rate.limited']);
    const seconds = Number(reply.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    const { rows } = await app.superuser.query('select from organizations where name = $1', [
      organization_name,
    ]);
    expect(rows).toEqual([]);
  });

  test('are limited in the organizations they make an hour; failures do not count', async () => {
    await start({ attemptsPerMinute: 100, successesPerHour: 1 });
    expect((await signUp({ password: 'short' })).status).toBe(422);
    expect((await signUp()).status).toBe(200);
    const reply = await signUp();
    expect([reply.status, reply.body.code]).toEqual([429, 'rate.limited']);
    const seconds = Number(reply.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test('are counted before they are done: of many at once, no more come through', async () => {
    await start({ attemptsPerMinute: 100, successesPerHour: 3 });
    const replies = await Promise.all(Array.from({ length: 10 }, () => signUp()));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  test('are counted by all instances together', async () => {
    const limits = { attemptsPerMinute: 100, successesPerHour: 10 };
    await start(limits);
    await using second = await startApp({ signup: limits, http });
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, turn) => signUp({}, turn % 2 === 0 ? app : second)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(30);
  });

  test('do not limit logins', async () => {
    await start({ attemptsPerMinute: 1, successesPerHour: 1 });
    const body = signupBody();
    await signUp(body);
    expect((await signUp()).status).toBe(429);
    const login = await app.anonymous.post('/auth/login', { email: body.email, password: body.password });
    expect(login.status).toBe(200);
  });
});

describe('sign-ups behind a proxy', () => {
  const behindProxy = async (): Promise<(told: string) => Promise<number>> => {
    app = await startApp({
      signup: { attemptsPerMinute: 2, successesPerHour: 1 },
      http,
    });
    return async (told) =>
      (await app.anonymous.post('/auth/signup', signupBody(), { headers: { 'x-forwarded-for': told } }))
        .status;
  };

  test('are counted by address, in whatever spelling and from whatever port', async () => {
    const from = await behindProxy();
    // 198.18.0.0/15, which other tests do not sign up from: one network of it, and two addresses.
    const bytes = Buffer.from([198, 18, ...randomBytes(1), 8]);
    const spellings = (last: number): [plain: string, hex: string] => {
      bytes[3] = last;
      return [bytes.join('.'), `${bytes.toString('hex', 0, 2)}:${bytes.toString('hex', 2)}`];
    };
    const [plain, hex] = spellings(9);
    expect(await from(plain)).toBe(200);
    for (const spelling of [`${plain}:50123`, `::ffff:${plain}`, `[::ffff:${hex}]:443`]) {
      expect([spelling, await from(spelling)]).toEqual([spelling, 429]);
    }
    const [neighbour] = spellings(10);
    expect(await from(`${neighbour}:50123`)).toBe(200);
  });

  test('are counted by /64 where they come by IPv6', async () => {
    const from = await behindProxy();
    const network = `2001:db8:${randomBytes(2).toString('hex')}`;
    expect(await from(`${network}:1::1`)).toBe(200);
    for (const neighbour of [
      `${network}:1::2`,
      `${network.toUpperCase()}:1:ffff:FFFF:ffff:ffff`,
      `[${network}:1:a::]:443`,
    ]) {
      expect([neighbour, await from(neighbour)]).toEqual([neighbour, 429]);
    }
    expect(await from(`${network}:2::1`)).toBe(200);
  });
});

describe('the v1 profile', () => {
  test('takes passwords from 8 characters, known or not, at sign-up and for others', async () => {
    app = await startApp({ passwords: { minLength: 8, blocklist: false } });
    address = '127.0.0.1';
    const short = await signUp({ password: 'passwor' });
    expect([short.status, short.body.errors]).toMatchObject([422, [{ pointer: '/password' }]]);
    const reply = await signUp({ password: 'password' });
    expect(reply.status).toBe(200);
    const client = app.clientOf(reply.body.access_token);
    const { org_id: orgId, team_id } = (await client.get('/auth/me')).body;
    const { email, username } = signupBody();
    const created = await client.post(`/organizations/${orgId}/users`, {
      email,
      username,
      team_id,
      password: '12345678',
    });
    expect(created.status).toBe(200);
    expect((await client.put(`/users/${created.body.id}`, { password: 'aaaaaaaa' })).status).toBe(200);
    expect((await app.anonymous.post('/auth/login', { email, password: 'aaaaaaaa' })).status).toBe(200);
  });
});
