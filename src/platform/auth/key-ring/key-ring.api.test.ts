import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../../test/harness/own-database.ts';
import { createPool } from '../../database/pool.ts';
import { Tokens } from '../tokens.ts';
import {
  allKeys,
  changeKeys,
  type JwtAlgorithm,
  KeyRing,
  promoteKey,
  retirePrevious,
  revokeAll,
  stageKey,
} from './index.ts';
import { settle } from './key-lifecycle.ts';

const old = 'the-secret-of-last-month-0123456789abcdef';
const fresh = 'the-secret-of-this-month-0123456789abcdef';
const tokenSeconds = 3_600;
const soon = { interval: 50 };

let database: OwnDatabase;
let owner: pg.Pool;
let open: AsyncDisposableStack;
let unreadable: string[];
let failures: unknown[];

beforeAll(async () => {
  database = await createOwnDatabase();
  owner = new pg.Pool({ connectionString: database.owner, max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  open = new AsyncDisposableStack();
  unreadable = [];
  failures = [];
  await owner.query('truncate jwt_keys, jwt_superseded_secrets');
});
afterEach(() => open.disposeAsync());

/** An instance of the service, as far as tokens go. */
async function instance(current: string, previous?: string, algorithm: JwtAlgorithm = 'HS256') {
  const pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    recycleSeconds: 60,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
    queryTimeoutMs: 6_000,
    onIdleError: () => undefined,
  });
  open.defer(() => pool.end());
  const ring = open.use(
    await KeyRing.open({
      pool,
      secrets: { current, previous, algorithm },
      tokenSeconds,
      onUnreadable: (kid) => unreadable.push(kid),
      onFailure: (error) => failures.push(error),
    }),
  );
  const tokens = new Tokens({ keys: ring, algorithm, expiresMinutes: 60 });
  const [userId, orgId, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
  const subject = { userId, orgId, sessionId, email: 'ada@example.com', roles: [], amr: [] };
  return {
    ring,
    issue: () => tokens.issue(subject).access_token,
    accepts: async (token: string) => (await tokens.verify(token))?.userId !== undefined,
  };
}
const change = async <Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> => {
  const client = await owner.connect();
  try {
    return await changeKeys(client, () => work(client));
  } finally {
    client.release();
  }
};
/** Lets time pass for the keys. */
const later = (seconds: number) =>
  owner.query(
    `update jwt_keys set staged_at = staged_at - $1 * interval '1 s', promoted_at = promoted_at - $1 * interval '1 s',
       demoted_at = demoted_at - $1 * interval '1 s'`,
    [seconds],
  );
const secretsLater = (seconds: number) =>
  owner.query(`update jwt_superseded_secrets set superseded_at = superseded_at - $1 * interval '1 s'`, [
    seconds,
  ]);
const statuses = async () => (await allKeys(owner)).map(({ status }) => status).toSorted();

describe('instances', () => {
  test('with one secret accept what each other issues, whoever came first', async () => {
    const [a, b] = await Promise.all([instance(old), instance(old)]);
    expect(await Promise.all([a.accepts(b.issue()), b.accepts(a.issue())])).toEqual([true, true]);
    expect(await statuses()).toEqual(['current']);
  });

  test('keep no secret and no key in clear', async () => {
    await instance(old);
    await change((client) => stageKey(client, { current: old }));
    const { rows } = await owner.query('select jwt_keys::text as text from jwt_keys');
    expect(JSON.stringify(rows)).not.toContain(old);
  });

  test('take another secret while they run', async () => {
    const a = await instance(old);
    const token = a.issue();
    await expect(a.ring.useSecrets({ current: fresh })).rejects.toThrow('METADATA_JWT_SECRET_PREVIOUS');
    await a.ring.useSecrets({ current: fresh, previous: old });
    expect(await a.accepts(token)).toBe(true);
    expect(await statuses()).toEqual(['current', 'next']);
    const b = await instance(fresh);
    expect(await b.accepts(a.issue())).toBe(true);
  });

  test('refuse to start with a secret that opens nothing', async () => {
    const a = await instance(old);
    await expect(instance(fresh)).rejects.toThrow('METADATA_JWT_SECRET_PREVIOUS');
    expect(await a.accepts(a.issue())).toBe(true);
    expect(await statuses()).toEqual(['current']);
  });
});

describe('a secret that is changed instance by instance', () => {
  test('logs nobody out at any moment, and the earlier one is refused in the end', async () => {
    const before = await instance(old);
    const early = before.issue();
    const after = await instance(fresh, old);
    expect([await after.accepts(early), await before.accepts(after.issue())]).toEqual([true, true]);
    expect(await statuses()).toEqual(['current', 'next']);
    await later(11);
    await expect.poll(() => after.ring.current().kid, soon).not.toBe((await allKeys(owner)).at(-1)?.kid);
    const late = after.issue();
    expect([
      await before.accepts(late),
      await before.accepts(before.issue()),
      await after.accepts(early),
    ]).toEqual([true, true, true]);
    const last = await instance(fresh);
    expect([await last.accepts(early), await last.accepts(late)]).toEqual([true, true]);
    await secretsLater(tokenSeconds + 61);
    await later(tokenSeconds + 61);
    await expect.poll(() => last.accepts(early), soon).toBe(false);
    expect(await last.accepts(late)).toBe(true);
    const { rows } = await owner.query(`select wrapped from jwt_keys where status = 'current'`);
    expect(Object.keys(rows[0].wrapped)).toHaveLength(1);
  });
});

const algorithmOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).alg;

describe('key pairs', () => {
  test('follow a secret without logging anybody out, are shown before they sign, and lead back', async () => {
    const shown = ({ ring }: Awaited<ReturnType<typeof instance>>) =>
      ring.all().flatMap(({ pair }) => (pair === undefined ? [] : [pair.jwk.alg]));
    const [before, after] = [await instance(old), await instance(old, undefined, 'EdDSA')];
    const tokens = [before.issue(), after.issue()];
    expect(tokens.map(algorithmOf)).toEqual(['HS256', 'HS256']);
    for (const [algorithm, keys] of [
      ['EdDSA', ['EdDSA']],
      ['RS256', ['RS256', 'EdDSA']],
      ['HS256', ['RS256', 'EdDSA']],
    ] as const) {
      await change((client) => stageKey(client, { current: old, algorithm }));
      await expect.poll(() => shown(before), soon).toEqual(keys);
      expect(algorithmOf(before.issue())).not.toBe(algorithm);
      await later(11);
      await change(promoteKey);
      await expect
        .poll(() => [before, after].map((each) => algorithmOf(each.issue())), soon)
        .toEqual([algorithm, algorithm]);
      tokens.push(before.issue(), after.issue());
      const verdicts = tokens.flatMap((token) => [before.accepts(token), after.accepts(token)]);
      expect(new Set(await Promise.all(verdicts))).toEqual(new Set([true]));
    }
    await change((client) => retirePrevious(client, { tokenSeconds, isForced: true }));
    await expect.poll(() => shown(after), soon).toEqual([]);
  });

  test('are made by the first instance, come with a changed secret, and are kept in no clear', async () => {
    const a = await instance(old, undefined, 'EdDSA');
    const early = a.issue();
    expect(algorithmOf(early)).toBe('EdDSA');
    const b = await instance(fresh, old, 'EdDSA');
    await b.ring.useSecrets({ current: fresh, previous: old, algorithm: 'EdDSA' });
    expect(await statuses()).toEqual(['current', 'next']);
    await later(11);
    await expect.poll(() => b.ring.current().kid, soon).not.toBe((await allKeys(owner)).at(-1)?.kid);
    const c = await instance(fresh, undefined, 'EdDSA');
    expect(await Promise.all([a.accepts(b.issue()), b.accepts(early), c.accepts(early)])).toEqual([
      true,
      true,
      true,
    ]);
    // @NOTE with its quotes: the letters alone come about in random base64.
    const { rows } = await owner.query('select string_agg(jwt_keys::text, $1) as text from jwt_keys', [',']);
    expect(rows[0].text).not.toMatch(/"kty"|PRIVATE KEY/);
  });
});

test('a secret that has a successor opens no key in the end, whichever key it was', async () => {
  const a = await instance(old);
  const staged = await change((client) => stageKey(client, { current: old }));
  await later(11);
  await change(promoteKey);
  await expect.poll(() => a.ring.current().kid, soon).toBe(staged);
  await change((client) => retirePrevious(client, { tokenSeconds, isForced: true }));
  await instance(fresh, old);
  const openedBy = async () =>
    (await allKeys(owner)).flatMap(({ wrapped }) => Object.keys(wrapped)).toSorted();
  expect(new Set(await openedBy()).size).toBe(2);
  await change((client) => settle(client, tokenSeconds));
  expect(new Set(await openedBy()).size).toBe(2);
  await secretsLater(tokenSeconds + 61);
  await change((client) => settle(client, tokenSeconds));
  expect(new Set(await openedBy()).size).toBe(1);
  const last = await instance(fresh);
  await expect.poll(() => last.accepts(a.issue()), soon).toBe(true);
});

describe('rotation by command', () => {
  test('goes through next, current and previous; every instance accepts every token on the way', async () => {
    const [a, b] = [await instance(old), await instance(old)];
    const tokens = [a.issue()];
    for (let generation = 0; generation < 3; generation++) {
      await change((client) => stageKey(client, { current: old }));
      await expect(change((client) => stageKey(client, { current: old }))).rejects.toThrow(
        'promote it first',
      );
      await expect(change(promoteKey)).rejects.toThrow('wait');
      tokens.push(b.issue());
      await later(11);
      await change(promoteKey);
      const fromBefore = a.issue();
      await b.ring.refresh();
      tokens.push(fromBefore, b.issue());
      const accepted = await Promise.all(
        [a, b].flatMap((each) => tokens.map((token) => each.accepts(token))),
      );
      expect(accepted).toEqual(accepted.map(() => true));
    }
    expect(await statuses()).toEqual(['current', 'previous', 'previous', 'previous']);
    const gentle = { tokenSeconds, isForced: false };
    await expect(change((client) => retirePrevious(client, gentle))).rejects.toThrow('--force');
    await change((client) => retirePrevious(client, { ...gentle, isForced: true }));
    await expect.poll(() => a.accepts(tokens[0] ?? ''), soon).toBe(false);
    await expect.poll(() => a.accepts(a.issue()), soon).toBe(true);
  });

  test('a key that leaked is refused everywhere within a second or so, and a new one signs', async () => {
    const [a, b] = [await instance(old), await instance(old)];
    const token = a.issue();
    expect(await b.accepts(token)).toBe(true);
    await change((client) => revokeAll(client, { current: old }));
    await expect.poll(() => Promise.all([a.accepts(token), b.accepts(token)]), soon).toEqual([false, false]);
    expect(await b.accepts(a.issue())).toBe(true);
    const { rows } = await owner.query(`select wrapped from jwt_keys where status = 'retired'`);
    expect(rows).toEqual([{ wrapped: {} }]);
  });

  test('everybody can be logged out where the secret is lost', async () => {
    const a = await instance(old);
    await change((client) => revokeAll(client, { current: fresh }));
    const b = await instance(fresh);
    expect(await b.accepts(b.issue())).toBe(true);
    await expect.poll(() => unreadable.length, soon).toBe(1);
    expect(() => a.issue()).toThrow('none of the secrets');
  });
});

test('a database that is away leaves the keys as they are', async () => {
  const a = await instance(old);
  const token = a.issue();
  await owner.query('alter table jwt_keys rename to jwt_keys_away');
  try {
    await expect.poll(() => failures.length, soon).toBe(1);
    expect(await a.accepts(token)).toBe(true);
  } finally {
    await owner.query('alter table jwt_keys_away rename to jwt_keys');
  }
});

test('a damaged row keeps no other key from being retired', async () => {
  const [a, token] = await instance(old).then((each) => [each, each.issue()] as const);
  await owner.query(
    `insert into jwt_keys (kid, status, wrapped, demoted_at)
     select 'ffffffffffffffff', 'previous', jsonb_object_agg(fingerprint, 5), now()
     from jwt_keys, jsonb_object_keys(wrapped) fingerprint`,
  );
  await expect.poll(() => unreadable, soon).toEqual(['ffffffffffffffff']);
  await change((client) => revokeAll(client, { current: old }));
  await expect.poll(() => a.accepts(token), soon).toBe(false);
  expect(failures).toEqual([]);
});
