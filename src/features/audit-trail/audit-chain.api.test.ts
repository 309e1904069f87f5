import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { type ChainVerdict, verifyChain } from '../../platform/audit/verify-chain.ts';
import { verifyExport } from '../../platform/audit/verify-export.ts';
import { Queryable } from '../../platform/database/queryable.ts';
import type { Sql } from '../../platform/database/sql.ts';
import { exportedLines } from './exported-lines.ts';

let app: TestApp;
const checkpoints = new CheckpointKeys(['a secret of the tests of this file alone']);

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const trail = ({ orgId }: Tenant): string => `/organizations/${orgId}/audit-events`;
const verify = async (tenant: Tenant) => (await tenant.owner.client.get(`${trail(tenant)}/verify`)).body;
const checkpointOf = async (tenant: Tenant) =>
  (await tenant.owner.client.get(`${trail(tenant)}/checkpoint`)).body;
const fine = { ok: true, first_bad_seq: null, unlinked_event_id: null, complete: true, pruned: null };

/** The export as it comes, to the byte. */
async function exportOf({ orgId, owner }: Tenant): Promise<string[]> {
  const response = await fetch(`${app.url}/api/v1/organizations/${orgId}/audit-events/export`, {
    headers: { authorization: `Bearer ${owner.client.token}` },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return (await response.text()).split('\n').slice(0, -1);
}
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
/** An organization whose chain has five entries and a few. */
async function newChain(): Promise<Tenant> {
  const tenant = await newTenant(app);
  await tenant.incident({
    title: 'Größe “x” \u2028 \\ 1.50',
    incident_metadata: { n: 1e-7, big: '9007199254740993' },
  });
  await tenant.incident();
  await verify(tenant);
  return tenant;
}
/** The database to a superuser whom no trigger and no policy binds. */
class AsSuperuser extends Queryable {
  readonly #client: Pick<pg.PoolClient, 'query'>;

  constructor(client: Pick<pg.PoolClient, 'query'>) {
    super({});
    this.#client = client;
  }

  protected override send({ text, values }: Sql) {
    return this.#client.query(text, [...values]);
  }
}

/** What is found of a chain once somebody was at it; all of it is undone. */
async function tampered({ orgId }: Tenant, statements: readonly string[]): Promise<ChainVerdict> {
  const client = await app.superuser.connect();
  try {
    await client.query('begin; set local session_replication_role = replica');
    for (const statement of statements) {
      expect((await client.query(statement, [orgId])).rowCount).toBeGreaterThan(0);
    }
    return await verifyChain(new AsSuperuser(client), orgId);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
const eventAt = (seq: number): string =>
  `(select event_id from audit_links where org_id = $1 and seq = ${seq})`;

describe('the chain', () => {
  test('has every entry of an organization, in the order in which they were written, and none of another one', async () => {
    const [tenant, other] = [await newChain(), await newChain()];
    const { verified_seq: seq, ...rest } = await verify(tenant);
    expect(rest).toEqual(fine);
    const lines = (await tenant.owner.client.get(`${trail(tenant)}/export`)).body;
    expect(lines.map((line: { seq: number }) => line.seq)).toEqual(
      Array.from({ length: seq }, (_, index) => index + 1),
    );
    const { items } = (await tenant.owner.client.get(`${trail(tenant)}?limit=100`)).body;
    const known = items.filter(({ action }: { action: string }) => !action.startsWith('audit_trail.'));
    const exported = lines.map(({ entry }: { entry: { id: string } }) => entry);
    expect(exported.toSorted(byId)).toEqual(known.toSorted(byId));
    expect(JSON.stringify(lines)).not.toContain(other.orgId);
    expect((await checkpointOf(tenant)).seq).toBe(seq + 2);
  });

  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

  test('is not exported with a gap: an export ends where the operator removes what it has not read yet', async () => {
    const tenant = await newTenant(app);
    const { id } = await tenant.incident();
    const comment = (n: number) => tenant.owner.client.post(`/incidents/${id}/comments`, { comment: `${n}` });
    await Promise.all(Array.from({ length: 250 }, (_, n) => comment(n)));
    const { verified_seq: until } = await verify(tenant);
    const db = new AsSuperuser(app.superuser);
    const [whole, cut] = [
      await exportedLines(db, tenant.orgId, { after: 0, until }),
      await exportedLines(db, tenant.orgId, { after: 0, until }),
    ];
    expect((await Array.fromAsync(whole)).join('').split('\n')).toHaveLength(until + 1);
    expect((await cut.next()).value.split('\n')).toHaveLength(201);
    await app.superuser.query(
      `update audit_chains c set pruned_seq = l.seq, pruned_hash = l.hash from audit_links l
       where c.org_id = $1 and l.org_id = $1 and l.seq = ${until - 10}`,
      [tenant.orgId],
    );
    await expect(cut.next()).rejects.toThrow('was pruned beyond 200 while it was exported');
  });

  test('is without a gap while many write and several seal', async () => {
    const tenant = await newTenant(app);
    const seal = async () => {
      for (let n = 0; n < 10; n += 1) {
        await app.superuser.query('select seal_audit_events(3, true)');
      }
    };
    await Promise.all([seal(), seal(), ...Array.from({ length: 30 }, () => tenant.incident())]);
    const { verified_seq: seq, ...rest } = await verify(tenant);
    expect(rest).toEqual(fine);
    const { rows } = await app.superuser.query(
      `select count(*)::int as entries, (select count(*)::int from audit_links where org_id = $1 and seq is null) as pending
       from audit_events where org_id = $1`,
      [tenant.orgId],
    );
    expect(rows).toEqual([{ entries: seq, pending: 0 }]);
  });

  test('can be verified from a place on', async () => {
    const tenant = await newChain();
    const reply = await tenant.owner.client.get(`${trail(tenant)}/verify?after_seq=3`);
    expect(reply.body).toMatchObject(fine);
    const rest = (await tenant.owner.client.get(`${trail(tenant)}/export?after_seq=3`)).body;
    expect(rest[0].seq).toBe(4);
  });

  test('is for admins of the organization', async () => {
    const tenant = await newChain();
    const [member, stranger] = [await tenant.person('member'), await newTenant(app)];
    for (const path of ['export', 'verify', 'checkpoint']) {
      for (const { client } of [member, stranger.owner]) {
        expect((await client.get(`${trail(tenant)}/${path}`)).status).toBe(403);
      }
    }
  });
});

describe('as a superuser', () => {
  const cases: readonly [string, string | readonly string[], number][] = [
    ...['actor_id', 'api_key_id', 'resource_id', 'team_id'].map(
      (column): [string, string | readonly string[], number] => [
        `an edit of ${column}`,
        `update audit_events set ${column} = gen_random_uuid() where org_id = $1 and id = ${eventAt(4)}`,
        4,
      ],
    ),
    ...[
      `action = 'incident.closed'`,
      `resource_type = 'team'`,
      `request_id = 'another'`,
      `address = '203.0.113.9'`,
      `occurred_at = occurred_at + interval '1 ms'`,
      `before = '{}'`,
      `after = jsonb_set(after, '{title}', '"another"')`,
    ].map((change): [string, string | readonly string[], number] => [
      `an edit, ${change},`,
      `update audit_events set ${change} where org_id = $1 and id = ${eventAt(4)}`,
      4,
    ]),
    ['removing one', `delete from audit_events where org_id = $1 and id = ${eventAt(2)}`, 2],
    [
      'removing one with its link',
      `with cut as (delete from audit_links where org_id = $1 and seq = 2 returning event_id)
       delete from audit_events using cut where org_id = $1 and id = cut.event_id`,
      2,
    ],
    [
      'putting two in another order',
      [
        'update audit_links set seq = 1000 where org_id = $1 and seq = 2',
        'update audit_links set seq = 2 where org_id = $1 and seq = 3',
        'update audit_links set seq = 3 where org_id = $1 and seq = 1000',
      ],
      2,
    ],
    ['truncating the trail', 'delete from audit_events where org_id = $1', 1],
    ['truncating the chain', 'delete from audit_links where org_id = $1', 1],
    [
      'truncating both at their end',
      `with cut as (delete from audit_links where org_id = $1 and seq > 3 returning event_id)
       delete from audit_events using cut where org_id = $1 and id = cut.event_id`,
      4,
    ],
  ];

  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newChain();
  });

  test.each(cases)('%s is found', async (_, statements, firstBadSeq) => {
    expect(await tampered(tenant, [])).toMatchObject({ isOk: true, firstBadSeq: null });
    expect(await tampered(tenant, [statements].flat())).toMatchObject({ isOk: false, firstBadSeq });
  });

  test('an entry put in beside the chain is named', async () => {
    const id = randomUUID();
    const put = `insert into audit_events (org_id, id, actor_type, action, resource_type, resource_id)
      values ($1, '${id}', 'operator', 'team.updated', 'team', gen_random_uuid())`;
    expect(await tampered(tenant, [put])).toMatchObject({ isOk: false, firstBadSeq: null, unlinkedId: id });
  });

  test('an entry that is dated back is named by its place', async () => {
    const tenant = await newChain();
    const { seq } = await checkpointOf(tenant);
    await app.superuser.query(
      `insert into audit_events (org_id, id, occurred_at, actor_type, action, resource_type, resource_id)
       values ($1, gen_random_uuid(), now() - interval '2 hours', 'operator', 'team.updated', 'team', gen_random_uuid())`,
      [tenant.orgId],
    );
    expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: seq + 1 });
  });

  test('an entry removed before it was sealed leaves its place', async () => {
    const tenant = await newChain();
    const { seq } = await checkpointOf(tenant);
    const client = await app.superuser.connect();
    await client.query('begin; select pg_advisory_xact_lock(503, 39)');
    const { id } = await tenant.incident();
    await client.query('delete from audit_events where org_id = $1 and resource_id = $2', [tenant.orgId, id]);
    await client.query('commit');
    client.release();
    expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: seq + 1 });
  });

  test('a chain that is made anew after all of that differs from a checkpoint kept elsewhere', async () => {
    const tenant = await newChain();
    const checkpoint = await checkpointOf(tenant);
    const forged = [
      `update audit_events set after = '{}' where org_id = $1 and id = ${eventAt(2)}`,
      'update audit_links set seq = null, hash = null where org_id = $1',
      'delete from audit_chains where org_id = $1',
    ];
    for (const statement of forged) {
      await app.superuser.query(statement, [tenant.orgId]);
    }
    expect(await verify(tenant)).toMatchObject({ ok: true, first_bad_seq: null });
    expect(await verifyExport(each(await exportOf(tenant)), checkpoint)).toMatchObject({
      fault: expect.stringContaining('not the one that the checkpoint was signed for'),
      firstBadSeq: checkpoint.seq,
    });
  });
});

describe('an export', () => {
  test('is verified by a checkpoint, without the database', async () => {
    const tenant = await newChain();
    const lines = await exportOf(tenant);
    const early = await checkpointOf(tenant);
    await tenant.incident();
    const verdict = await verifyExport(each(await exportOf(tenant)), early, early.key_id);
    expect(verdict).toMatchObject({ fault: null, from: 1, to: early.seq + 1, beyond: 1 });
    expect(await verifyExport(each(lines), early)).toMatchObject({
      fault: expect.stringContaining('ends before the checkpoint'),
    });
    const keys = (await app.anonymous.get('/audit-keys')).body.keys;
    expect(keys.map(({ kid, x }: { kid: string; x: string }) => [kid, x])).toEqual([
      [early.key_id, early.public_key],
    ]);
  });

  test.each([
    [
      'edited',
      (lines: string[]) => lines.with(2, (lines[2] ?? '').replace(/"action": "/, '"action": "x')),
      3,
    ],
    ['shortened', (lines: string[]) => lines.toSpliced(1, 1), 2],
    ['lengthened', (lines: string[]) => lines.toSpliced(1, 0, lines[0] ?? ''), 2],
    ['put in another order', (lines: string[]) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? ''), 2],
    ['cut off', (lines: string[]) => lines.slice(0, -1), null],
    ['of another form', (lines: string[]) => lines.with(3, `${lines[3]} `), 4],
  ])('is not taken where it was %s', async (_, change, firstBad) => {
    const tenant = await newChain();
    const whole = await exportOf(tenant);
    const { body } = await tenant.owner.client.get(`${trail(tenant)}/export?after_seq=${whole.length}`);
    expect(body).toHaveLength(1);
    const checkpoint = checkpoints.sign(
      { organization_id: tenant.orgId, seq: whole.length, hash: body[0].previous },
      new Date(),
    );
    expect(await verifyExport(each(whole), checkpoint)).toMatchObject({ fault: null, to: whole.length });
    const verdict = await verifyExport(each(change(whole)), checkpoint);
    expect([verdict.fault !== null, verdict.firstBadSeq]).toEqual([true, firstBad ?? whole.length]);
  });

  test('leaves an entry', async () => {
    const tenant = await newChain();
    await exportOf(tenant);
    const { body } = await tenant.owner.client.get(`${trail(tenant)}?action=audit_trail.exported`);
    expect(body.items).toMatchObject([{ actor_id: tenant.owner.id, resource_id: tenant.orgId }]);
  });
});

describe('a checkpoint', () => {
  test('is not taken with another signature, key or content', async () => {
    const tenant = await newChain();
    const checkpoint = await checkpointOf(tenant);
    const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const forged = new CheckpointKeys(['a secret of somebody else, of some length']).sign(
      checkpoint,
      new Date(),
    );
    const faults = [
      { ...checkpoint, seq: checkpoint.seq - 1 },
      { ...checkpoint, organization_id: randomUUID() },
      { ...checkpoint, public_key: x },
      { ...checkpoint, public_key: 'no key' },
      { ...checkpoint, signature: forged.signature },
    ];
    for (const fault of faults) {
      expect((await verifyExport(each([]), fault)).fault).toContain('not signed by the key');
    }
    expect((await verifyExport(each([]), forged, checkpoint.key_id)).fault).toContain('another key');
  });
});
