import argon2 from '@node-rs/argon2';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { createLogger } from '../../platform/observability/logger.ts';

let apps: readonly TestApp[];
let tenant: Tenant;

const logger = createLogger({ level: 'ERROR', destination: { write: () => undefined } });
const behindProxy = () => startApp({ http: { logger, corsOrigins: [], trustedProxies: ['127.0.0.1'] } });

beforeAll(async () => {
  apps = await Promise.all([behindProxy(), behindProxy()]);
  tenant = await newTenant(apps[0] as TestApp);
});
afterAll(() => Promise.all(apps.map((each) => each[Symbol.asyncDispose]())));

afterEach(() => void vi.restoreAllMocks());

let networks = 0;
/** An address that nobody has tried from. */
const cleanAddress = (): string => {
  networks += 1;
  return `2001:db8:${(process.pid % 0xffff).toString(16)}:${networks.toString(16)}::1`;
};

let turn = 0;
/** Logs in at one of two instances after the other. */
async function login(email: string, tried: string, address: string) {
  turn += 1;
  const app = apps[turn % apps.length] as TestApp;
  return await app.anonymous.post(
    '/auth/login',
    { email, password: tried },
    { headers: { 'x-forwarded-for': address } },
  );
}
const wrong = 'not the passphrase of this account';

/** Makes the counters what many attempts would make them. */
const setAttempts = (kind: string, email: string, network: string, columns: string) =>
  apps[0]?.superuser.query(`update login_attempts set ${columns} where bucket = login_bucket($1, $2, $3)`, [
    kind,
    email,
    network,
  ]);
const networkOf = (address: string): string => address.replace('::1', '::/64');
/** @NOTE the first wait is a second, in which a busy machine may come to nothing. */
const waitLong = (email: string, address: string) =>
  setAttempts('both', email, networkOf(address), "blocked_until = now() + interval '1 hour'");

describe('after five failures of an account from a network', () => {
  test.each(['of an account', 'of no account'])(
    '%s it waits, whatever the spelling, at every instance',
    async (whose) => {
      const email = whose === 'of an account' ? tenant.owner.email : `${unique('nobody')}@example.com`;
      const address = cleanAddress();
      const statuses: number[] = [];
      for (let failures = 0; failures < 5; failures += 1) {
        statuses.push((await login(email, wrong, address)).status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401]);
      await waitLong(email, address);
      for (const [spelling, from] of [
        [email, address],
        [email.toUpperCase(), address],
        [email, address.replace('::1', ':ffff:ffff:ffff:ffff')],
      ] as const) {
        const refused = await login(spelling, password, from);
        expect([refused.status, refused.body.code]).toEqual([429, 'auth.throttled']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
      }
      const elsewhere = await login(email, password, cleanAddress());
      expect(elsewhere.status).toBe(whose === 'of an account' ? 200 : 401);
    },
  );

  test('attempts at once are counted before any password is looked at', async () => {
    const email = `${unique('nobody')}@example.com`;
    const address = cleanAddress();
    await login(email, wrong, address);
    await setAttempts('both', email, networkOf(address), 'failures = 12');
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await login(email, wrong, address)).status),
    );
    expect(statuses.toSorted()).toEqual([401, ...Array(19).fill(429)]);
  });

  test('a right password forgets them', async () => {
    const { email } = tenant.owner;
    const address = cleanAddress();
    for (let rounds = 0; rounds < 2; rounds += 1) {
      for (let failures = 0; failures < 4; failures += 1) {
        expect((await login(email, wrong, address)).status).toBe(401);
      }
      expect((await login(email, password, address)).status).toBe(200);
    }
  });
});

test('a network that fails 120 times in a minute waits, whichever accounts it tries', async () => {
  const address = cleanAddress();
  await login(`${unique('nobody')}@example.com`, wrong, address);
  await setAttempts(
    'network',
    '',
    networkOf(address),
    "failures = 120, expires_at = now() + interval '1 hour'",
  );
  const refused = await login(tenant.owner.email, password, address);
  expect([refused.status, refused.body.code]).toEqual([429, 'auth.throttled']);
});

test('an account that fails 20 times slows networks that it is not known from: they have one attempt', async () => {
  const { email } = tenant.owner;
  const known = cleanAddress();
  expect((await login(email, password, known)).status).toBe(200);
  await setAttempts('account', email, '', "failures = 20, expires_at = now() + interval '1 hour'");
  expect((await login(email, password, cleanAddress())).status).toBe(200);
  await setAttempts('account', email, '', "failures = 20, expires_at = now() + interval '1 hour'");
  const strange = cleanAddress();
  expect((await login(email, wrong, strange)).status).toBe(401);
  await waitLong(email, strange);
  expect((await login(email, wrong, strange)).status).toBe(429);
  expect((await login(email, wrong, known)).status).toBe(401);
  expect((await login(email, password, known)).status).toBe(200);
});

test('after 100 failures in a row only known networks are let in, until a login or a new password', async () => {
  const { email, id } = tenant.owner;
  const known = cleanAddress();
  expect((await login(email, password, known)).status).toBe(200);
  await setAttempts('account', email, '', 'consecutive = 100');
  const refused = await login(email, password, cleanAddress());
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '900']);
  expect((await login(email, password, known)).status).toBe(200);
  expect((await login(email, password, cleanAddress())).status).toBe(200);
  await setAttempts('account', email, '', 'consecutive = 100');
  expect((await login(email, password, cleanAddress())).status).toBe(429);
  // @NOTE as whoever sets one does it, by whichever way: the database sees to it.
  await apps[0]?.superuser.query(`update users set password_hash = password_hash || ' ' where id = $1`, [id]);
  await apps[0]?.superuser.query(`update users set password_hash = trim(password_hash) where id = $1`, [id]);
  expect((await login(email, password, cleanAddress())).status).toBe(200);
});

test('logins and failed logins are in the audit trail, a few an hour', async () => {
  const [app] = apps as [TestApp];
  const own = await newTenant(app);
  const { id, email } = own.owner;
  expect((await login(email, password, cleanAddress())).status).toBe(200);
  const address = cleanAddress();
  expect((await login(email, wrong, address)).status).toBe(401);
  const entries = async () => {
    const { rows } = await app.superuser.query(
      `select action, actor_id, resource_type, host(address) as address, after from audit_events
       where org_id = $1 and action in ('session.begun', 'user.login_failed') order by occurred_at, id`,
      [own.orgId],
    );
    return rows;
  };
  await expect.poll(entries).toMatchObject([
    { action: 'session.begun', actor_id: id, resource_type: 'session', after: { method: 'password' } },
    { action: 'user.login_failed', actor_id: id, resource_type: 'user', address, after: null },
  ]);
  await app.superuser.query(
    `update login_attempts set failures = 20 where bucket = login_bucket('audit-login-failed', $1, '')`,
    [id],
  );
  expect((await login(email, wrong, cleanAddress())).status).toBe(401);
  expect((await login(email, password, cleanAddress())).status).toBe(200);
  await expect
    .poll(async () => (await entries()).map(({ action }) => action))
    .toEqual(['session.begun', 'user.login_failed', 'session.begun']);
});

test('while more log in than can be verified, who is refused is not counted, and who was there before gets in', async () => {
  const [app] = apps as [TestApp];
  const { email } = (await newTenant(app)).owner;
  const known = cleanAddress();
  const send = (to: string, address: string) =>
    app.anonymous.post('/auth/login', { email: to, password }, { headers: { 'x-forwarded-for': address } });
  expect((await send(email, known)).status).toBe(200);
  const verifying: (() => void)[] = [];
  const hashes: unknown[] = [];
  vi.spyOn(argon2, 'verify').mockImplementation((hash) => {
    hashes.push(hash);
    return new Promise((resolve) => verifying.push(() => resolve(true)));
  });
  const storm = Array.from({ length: 60 }, () => send(`${unique('nobody')}@example.com`, cleanAddress()));
  const refused = storm.map(async (each) => ((await each).status === 503 ? 1 : 0));
  await Promise.race(storm);
  const stranger = cleanAddress();
  const turnedAway = [await send(email, stranger), await send(email, stranger)];
  expect(turnedAway.map(({ status }) => status)).toEqual([503, 503]);
  const counted = async (address: string) =>
    (
      await app.superuser.query(
        `select failures, consecutive, blocked_until from login_attempts
         where bucket in (login_bucket('account', $1, ''), login_bucket('both', $1, $2))`,
        [email, networkOf(address)],
      )
    ).rows;
  const rows = await counted(stranger);
  expect(rows).toEqual(rows.map(() => ({ failures: 0, consecutive: 0, blocked_until: null })));
  expect(rows).toHaveLength(2);
  const owner = send(email, known);
  // @NOTE an attempt is counted before it waits for its turn: none of the others is let go before.
  await expect.poll(async () => (await counted(known)).some(({ failures }) => failures > 0)).toBe(true);
  // @NOTE all others are of no account, and so verified against one and the same hash.
  const isOwnersTurn = (): boolean => hashes.some((hash) => hash !== hashes[0]);
  while (!isOwnersTurn()) {
    verifying.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(hashes.length).toBeLessThan(40);
  let answered = 0;
  const all = Promise.all(refused).then(() => {
    answered = 1;
  });
  while (answered === 0) {
    verifying.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  expect((await owner).status).toBe(200);
  expect(hashes.length).toBeGreaterThan(50);
});
