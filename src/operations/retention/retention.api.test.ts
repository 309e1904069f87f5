import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { openSession, type Session } from '../../commands/open-session.ts';
import { type Checkpoint, CheckpointKeys } from '../../platform/audit/checkpoint.ts';
import { verifyExport } from '../../platform/audit/verify-export.ts';
import { pruneAuditTrail, pruneRows } from './index.ts';

const keys = new CheckpointKeys([testSecret]);
const future = '2999-01-01T00:00:00Z';
let app: TestApp;
let operator: Session;

beforeAll(async () => {
  app = await startApp();
  operator = openSession({ dsn: inject('databases').owner, timeoutMs: 20_000 });
});
afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const trail = ({ orgId }: Tenant): string => `/organizations/${orgId}/audit-events`;
const verify = async (tenant: Tenant) => (await tenant.owner.client.get(`${trail(tenant)}/verify`)).body;
const prune = ({ orgId }: Tenant, before: string, more: object = {}) =>
  pruneAuditTrail(operator.db, orgId, { before, keys, isDryRun: false, ...more });
async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
/** The export as it comes, to the byte. */
async function exportOf(tenant: Tenant): Promise<string[]> {
  const headers = { authorization: `Bearer ${tenant.owner.client.token}` };
  const response = await fetch(`${app.url}/api/v1${trail(tenant)}/export`, { headers });
  return (await response.text()).split('\n').slice(0, -1);
}
const one = async (statement: string, { orgId }: Tenant) =>
  (await app.superuser.query(statement, [orgId])).rows[0];

/** As somebody would who may write whatever they like. */
const write = ({ organization_id: orgId, seq, hash, signed_at, key_id, public_key, signature }: Checkpoint) =>
  app.superuser.query(
    `insert into audit_prunings (org_id, seq, hash, signed_at, key_id, public_key, signature)
     values ($1, $2, decode($3, 'hex'), $4, $5, $6, $7)
     on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash, signed_at = excluded.signed_at,
       key_id = excluded.key_id, public_key = excluded.public_key, signature = excluded.signature`,
    [orgId, seq, hash, signed_at, key_id, public_key, signature],
  );

/** An organization with some entries, the moment of the last but one, and how many were recorded earlier. */
async function aged() {
  const tenant = await newTenant(app);
  for (let n = 0; n < 4; n += 1) {
    await tenant.incident();
  }
  const { verified_seq: head } = await verify(tenant);
  const { before, older } = await one(
    `select audit_time(l.recorded_at) as before,
            (select count(*)::int from audit_links o where o.org_id = $1 and o.recorded_at < l.recorded_at) as older
     from audit_links l where l.org_id = $1 and l.seq = ${head - 1}`,
    tenant,
  );
  expect(older).toBeGreaterThan(2);
  return { tenant, before, older, head };
}

describe('the audit trail without its oldest entries', () => {
  test('is verified from the checkpoint on up to which they were removed; who removed them is in it', async () => {
    const { tenant, before, older, head } = await aged();
    const tried = await prune(tenant, before, { isDryRun: true });
    expect([tried.entries, (await verify(tenant)).pruned]).toEqual([older, null]);
    const { entries, checkpoint } = await prune(tenant, before);
    expect([entries, checkpoint?.seq]).toEqual([older, older]);
    expect(
      await one('select min(seq)::int as n from audit_links where org_id = $1 and seq is not null', tenant),
    ).toEqual({
      n: older + 1,
    });
    const verdict = await verify(tenant);
    expect(verdict).toMatchObject({ ok: true, verified_seq: head + 1, pruned: checkpoint });
    const { items } = (await tenant.owner.client.get(`${trail(tenant)}?action=audit_trail.pruned`)).body;
    expect(items).toMatchObject([
      { actor_type: 'operator', after: { through_seq: older, entries: older, key_id: checkpoint?.key_id } },
    ]);
    expect((await prune(tenant, before)).entries).toBe(0);
  });

  test('is verified offline, beside that checkpoint', async () => {
    const { tenant, before, older } = await aged();
    const { checkpoint } = await prune(tenant, before);
    const lines = await exportOf(tenant);
    const end = (await tenant.owner.client.get(`${trail(tenant)}/checkpoint`)).body;
    const pruning = checkpoint ?? undefined;
    const found = (rows: readonly string[]) => verifyExport(each(rows), end, end.key_id, pruning);
    expect(await found([...lines, ...(await exportOf(tenant)).slice(lines.length)])).toMatchObject({
      fault: null,
      from: older + 1,
    });
    expect(await found(lines.slice(1))).toMatchObject({ firstBadSeq: older + 1 });
    const forged = new CheckpointKeys(['a secret of somebody else']).sign(end, new Date());
    expect(await verifyExport(each(lines), undefined, undefined, { ...forged, seq: older })).toMatchObject({
      fault: expect.stringContaining('not signed'),
    });
  });

  test('shows an edit of what was kept, and is not pruned further over it', async () => {
    const { tenant, before, older, head } = await aged();
    await prune(tenant, before);
    await app.superuser.query(
      `update audit_events set address = '192.0.2.99' where org_id = $1 and id =
         (select event_id from audit_links where org_id = $1 and seq = $2)`,
      [tenant.orgId, older + 1],
    );
    expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: older + 1 });
    expect(await prune(tenant, future)).toMatchObject({ firstBadSeq: older + 1, checkpoint: null });
    expect(
      (await one('select count(*)::int as n from audit_events where org_id = $1', tenant)).n,
    ).toBeGreaterThan(head - older);
    expect((await prune(tenant, future, { despiteFault: true })).firstBadSeq).toBe(older + 1);
    expect(await verify(tenant)).toMatchObject({ ok: true });
  });

  test('is not right where somebody else moved its beginning, with a key of their own, too', async () => {
    const { tenant, before, older } = await aged();
    await prune(tenant, before);
    const move = `update audit_chains c set pruned_seq = l.seq, pruned_hash = l.hash from audit_links l
       where c.org_id = $1 and l.org_id = $1 and l.seq = ${older + 1}`;
    await app.superuser.query(move, [tenant.orgId]);
    expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: older + 1 });
    const { hash } = await one(
      'select encode(pruned_hash, $$hex$$) as hash from audit_chains where org_id = $1',
      tenant,
    );
    const stand = { organization_id: tenant.orgId, seq: older + 1, hash };
    const others = new CheckpointKeys(['a secret of somebody else']).sign(stand, new Date(), 'pruning');
    // What every reader of the trail is given when they ask for it at that place.
    const readers = keys.sign(stand, new Date());
    for (const forged of [others, readers]) {
      await write(forged);
      expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: older + 1 });
    }
    await write(keys.sign(stand, new Date(), 'pruning'));
    expect(await verify(tenant)).toMatchObject({ ok: true });
  });

  test('is exported from its beginning on while what is before is still being removed', async () => {
    const { tenant, older, head } = await aged();
    const { hash } = await one(
      `update audit_chains c set pruned_seq = l.seq, pruned_hash = l.hash from audit_links l
       where c.org_id = $1 and l.org_id = $1 and l.seq = ${older} returning encode(l.hash, 'hex') as hash`,
      tenant,
    );
    const pruning = keys.sign({ organization_id: tenant.orgId, seq: older, hash }, new Date(), 'pruning');
    await write(pruning);
    const lines = await exportOf(tenant);
    expect(await verifyExport(each(lines), undefined, undefined, pruning)).toMatchObject({
      fault: null,
      from: older + 1,
      to: head,
    });
    expect((await prune(tenant, '2001-01-01T00:00:00Z')).entries).toBe(0);
    const { n } = await one(
      `select count(*)::int as n from audit_links where org_id = $1 and seq <= ${older}`,
      tenant,
    );
    expect(n).toBe(0);
  });

  test('is not cut off at a place that is empty', async () => {
    const { tenant, before, older } = await aged();
    await app.superuser.query('delete from audit_links where org_id = $1 and seq = $2', [
      tenant.orgId,
      older,
    ]);
    await expect(prune(tenant, before, { despiteFault: true })).rejects.toThrow(`place ${older}`);
    expect(await verify(tenant)).toMatchObject({ ok: false, first_bad_seq: older, pruned: null });
  });

  test('is signed anew while the key before is known', async () => {
    const { tenant, before } = await aged();
    await prune(tenant, before, { keys: new CheckpointKeys(['the secret of last year']) });
    expect(await verify(tenant)).toMatchObject({ ok: false });
    expect((await prune(tenant, before)).firstBadSeq).not.toBeNull();
    await prune(tenant, before, { keys: new CheckpointKeys([testSecret, 'the secret of last year']) });
    expect(await verify(tenant)).toMatchObject({ ok: true });
  });

  test('loses nothing that is newer, nor what is of the service’s login to remove', async () => {
    const { tenant } = await aged();
    const statement = `set local role brownie_app; select set_config('app.org_id', '${tenant.orgId}', true); delete from audit_events`;
    await expect(app.superuser.query(`begin; ${statement}; commit`)).rejects.toMatchObject({ code: '42501' });
    await app.superuser.query('rollback').catch(() => undefined);
    const asOwner = operator.db.within({ orgId: tenant.orgId });
    expect(await asOwner.run({ text: 'delete from audit_events', values: [] })).toBe(0);
  });
});

describe('rows that are older than they are kept', () => {
  test('are removed with an entry: measured values, and timelines of incidents that are over', async () => {
    const tenant = await newTenant(app);
    const [over, open] = [await tenant.incident(), await tenant.incident()];
    await tenant.owner.client.put(`/incidents/${over.id}`, { status: 'closed' });
    for (const timestamp of ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z', new Date().toISOString()]) {
      const point = { metric_name: 'm', metric_type: 'gauge', value: 1, timestamp };
      expect((await tenant.owner.client.post(`/teams/${tenant.teamId}/stats`, point)).status).toBe(200);
    }
    const pruned = (kind: 'stats' | 'timelines', before: string, isDryRun = false) =>
      pruneRows(operator.db, tenant.orgId, kind, { before, isDryRun });
    expect(await pruned('stats', '2021-01-01T00:00:00Z', true)).toBe(2);
    // With whoever adds rows meanwhile, and is not ready yet.
    const writer = await app.superuser.connect();
    await writer.query(
      `begin; insert into stats (org_id, id, team_id, metric_name, metric_type, value)
       values ('${tenant.orgId}', gen_random_uuid(), '${tenant.teamId}', 'm', 'gauge', 1)`,
    );
    expect(await pruned('stats', '2021-01-01T00:00:00Z')).toBe(2);
    await writer.query('rollback');
    writer.release();
    expect(await pruned('stats', '2021-01-01T00:00:00Z')).toBe(0);
    expect(await pruned('timelines', '2021-01-01T00:00:00Z')).toBe(0);
    await app.superuser.query(
      `begin; set local session_replication_role = replica; update incidents set updated_at = '2020-01-01' where id = '${over.id}'; commit`,
    );
    await tenant.owner.client.post(`/incidents/${over.id}/comments`, { comment: 'What we learned' });
    expect(await pruned('timelines', '2021-01-01T00:00:00Z', true)).toBe(0);
    expect(await pruned('timelines', '2021-01-01T00:00:00Z')).toBe(0);
    expect(await pruned('timelines', future)).toBeGreaterThan(1);
    const events = async ({ id }: { id: string }) =>
      (await tenant.owner.client.get(`/incidents/${id}/events`)).body.items.length;
    expect([await events(over), await events(open)]).toEqual([0, 1]);
    expect((await tenant.owner.client.get(`/teams/${tenant.teamId}/stats`)).body.items).toHaveLength(1);
    const actions = (await tenant.owner.client.get(`${trail(tenant)}?limit=3`)).body.items.map(
      ({ action }: { action: string }) => action,
    );
    expect(actions.toSorted()).toEqual(['incident.commented', 'incident.timelines_pruned', 'stats.pruned']);
  });

  test('go by whole timelines: where somebody is at work on an incident, all of its timeline is left', async () => {
    const tenant = await newTenant(app);
    const closed = async (events: number): Promise<string> => {
      const { id } = await tenant.incident();
      await tenant.owner.client.put(`/incidents/${id}`, { status: 'closed' });
      await app.superuser.query(
        `insert into incident_events select e.* from incident_events o, generate_series(1, ${events}) n,
           lateral jsonb_populate_record(o, jsonb_build_object('id', md5(o.id::text || n))) e
         where o.incident_id = '${id}' and o.id = (select id from incident_events where incident_id = '${id}' limit 1)`,
      );
      return id;
    };
    const [one, other, last] = [await closed(400), await closed(300), await closed(300)];
    const events = async (id: string): Promise<number> =>
      (
        await app.superuser.query('select count(*)::int as n from incident_events where incident_id = $1', [
          id,
        ])
      ).rows[0].n;
    const known = { one: await events(one), other: await events(other), last: await events(last) };
    expect(known.one).toBeGreaterThan(400);
    const pruned = () =>
      pruneRows(operator.db, tenant.orgId, 'timelines', { before: future, isDryRun: false });
    const reopening = await app.superuser.connect();
    await reopening.query(`begin; update incidents set title = title where id = '${other}'`);
    expect(await pruned()).toBe(known.one + known.last);
    expect([await events(one), await events(other), await events(last)]).toEqual([0, known.other, 0]);
    await reopening.query('rollback');
    reopening.release();
    expect(await pruned()).toBe(known.other);
  });
});
