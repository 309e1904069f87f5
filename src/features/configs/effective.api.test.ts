import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
/** Another instance on the same database. */
let other: TestApp;

beforeAll(async () => {
  [app, other] = await Promise.all([startApp(), startApp()]);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const publish = async ({ owner, orgId }: Tenant, fields: object): Promise<string> => {
  const draft = { name: unique('Layer'), layer: 'organization', ...fields };
  const made = await owner.client.post(`/organizations/${orgId}/configs`, draft);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  expect((await owner.client.post(`/configs/${made.body.id}/publish`)).status).toBe(200);
  return made.body.id;
};
const agentOf = async ({ owner, teamId }: Tenant, config: object = {}, team = teamId): Promise<string> => {
  const body = { name: unique('Agent'), agent_type: 'custom', config };
  return (await owner.client.post(`/teams/${team}/agent-configs`, body)).body.id;
};
const resolve = (tenant: Tenant, body: object = {}, by = tenant.owner.client) =>
  by.post(`/organizations/${tenant.orgId}/configs/resolve`, body);

describe('what is in effect', () => {
  test('is merged layer by layer, and every value says where it is from', async () => {
    const tenant = await newTenant(app);
    const { teamId, owner } = tenant;
    const organization = await publish(tenant, {
      config: { model: 'medium', limits: { tokens: 10 }, tools: ['logs'], debug: true },
    });
    const global = await publish(tenant, {
      layer: 'global',
      config: { model: 'small', limits: { tokens: 1, seconds: 30 } },
    });
    const lesser = await publish(tenant, {
      layer: 'team',
      team_id: teamId,
      priority: 1,
      config: { model: 'of the team' },
    });
    const higher = await publish(tenant, {
      layer: 'team',
      team_id: teamId,
      priority: 2,
      config: { model: 'large', debug: null },
    });
    const alert = await publish(tenant, {
      layer: 'alert',
      match: { severity: 'critical' },
      config: { tools: ['logs', 'traces'] },
    });
    const draft = (
      await owner.client.post(`/organizations/${tenant.orgId}/configs`, {
        name: 'Draft',
        layer: 'global',
        config: { never: 1 },
      })
    ).body.id;
    const agent = await agentOf(tenant, { limits: { seconds: 60 } });

    const at = (layer: string, config_id: string, version = 2) => ({ layer, config_id, version });
    const [G, O] = [at('global', global), at('organization', organization)];
    const [L, H] = [at('team', lesser), at('team', higher)];
    const [A, own] = [at('alert', alert), at('agent', agent, 1)];
    const { status, body } = await resolve(tenant, {
      agent_config_id: agent,
      alert: { severity: 'critical' },
    });
    expect(status).toBe(200);
    expect(body.effective).toEqual({
      limits: { seconds: 60, tokens: 10 },
      model: 'large',
      tools: ['logs', 'traces'],
    });
    expect(body.explain).toEqual([
      { pointer: '/debug', value: null, state: 'deleted', from: H, overrode: [O] },
      { pointer: '/limits/seconds', value: 60, state: 'set', from: own, overrode: [G] },
      { pointer: '/limits/tokens', value: 10, state: 'set', from: O, overrode: [G] },
      { pointer: '/model', value: 'large', state: 'set', from: H, overrode: [L, O, G] },
      { pointer: '/tools', value: ['logs', 'traces'], state: 'set', from: A, overrode: [O] },
    ]);
    expect(body.skipped).toEqual([{ config_id: draft, why: 'it is a draft: publish it' }]);
    const text = '{"limits":{"seconds":60,"tokens":10},"model":"large","tools":["logs","traces"]}';
    expect(body.hash).toBe(createHash('sha256').update(text).digest('hex'));

    const without = await owner.client.get(`/agent-configs/${agent}/effective`);
    expect(without.body.effective.tools).toEqual(['logs']);
    expect(without.body.skipped).toEqual([
      { config_id: draft, why: 'it is a draft: publish it' },
      { config_id: alert, why: 'it is for alerts, and there is none' },
    ]);
  });

  test('of two with the same priority is what the one says that was made later', async () => {
    const tenant = await newTenant(app);
    await publish(tenant, { config: { a: 'earlier' } });
    const later = await publish(tenant, { config: { a: 'later' } });
    const { body } = await resolve(tenant);
    expect([body.effective, body.explain[0].from.config_id]).toEqual([{ a: 'later' }, later]);
  });

  test('is empty where nobody said anything, and has a hash', async () => {
    const tenant = await newTenant(app);
    const { body } = await resolve(tenant);
    expect(body).toEqual({
      effective: {},
      hash: createHash('sha256').update('{}').digest('hex'),
      explain: [],
      skipped: [],
      deprecated: [],
    });
  });

  test('is known by its hash: who holds it is answered 304', async () => {
    const tenant = await newTenant(app);
    const id = await publish(tenant, { config: { a: 1 } });
    const agent = await agentOf(tenant);
    const path = `/agent-configs/${agent}/effective`;
    const { client } = tenant.owner;
    const first = await client.get(path);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toBe(`"${first.body.hash}"`);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await client.get(path, { headers: { 'if-none-match': known } });
      expect([again.status, again.headers.get('etag'), again.body]).toEqual([304, tag, undefined]);
    }
    await client.put(`/configs/${id}`, { config: { a: 2 } });
    const changed = await client.get(path, { headers: { 'if-none-match': tag } });
    expect([changed.status, changed.body.effective]).toEqual([200, { a: 2 }]);
  });

  test('says which of its configurations are to be replaced, and leaves out those that are archived or deleted', async () => {
    const tenant = await newTenant(app);
    const [old, over, gone] = [
      await publish(tenant, { config: { a: 1 } }),
      await publish(tenant, { config: { b: 1 } }),
      await publish(tenant, { config: { c: 1 } }),
    ];
    await tenant.owner.client.post(`/configs/${old}/deprecate`);
    await tenant.owner.client.post(`/configs/${over}/archive`);
    await tenant.owner.client.delete(`/configs/${gone}`);
    const { body } = await resolve(tenant);
    expect([body.effective, body.deprecated, body.skipped]).toEqual([{ a: 1 }, [old], []]);
  });
});

test('a change on one instance is seen by the next request of another', async () => {
  const tenant = await newTenant(app);
  const agent = await agentOf(tenant, { own: 0 });
  const elsewhere = other.clientOf(tenant.owner.client.token ?? '');
  const path = `/agent-configs/${agent}/effective`;
  const seen = async () => (await elsewhere.get(path)).body.effective;
  expect(await seen()).toEqual({ own: 0 });
  const id = await publish(tenant, { config: { a: 0 } });
  for (let n = 1; n <= 10; n += 1) {
    await tenant.owner.client.put(`/configs/${id}`, { config: { a: n } });
    expect(await seen()).toEqual({ own: 0, a: n });
    await tenant.owner.client.put(`/agent-configs/${agent}`, { config: { own: n } });
    expect(await seen()).toEqual({ own: n, a: n });
    await tenant.owner.client.put(`/agent-configs/${agent}`, { config: { own: 0 } });
  }
  await tenant.owner.client.post(`/configs/${id}/archive`);
  expect(await seen()).toEqual({ own: 0 });
  const replies = await Promise.all([resolve(tenant), resolve(tenant, {}, elsewhere)]);
  expect(replies[0]?.body).toEqual(replies[1]?.body);
});

test('what a failover lost, and what has its version since, are not taken for one another', async () => {
  const tenant = await newTenant(app);
  const agent = await agentOf(tenant, { own: 'lost' });
  const id = await publish(tenant, { config: { layer: 'lost' } });
  const path = `/agent-configs/${agent}/effective`;
  expect((await tenant.owner.client.get(path)).body.effective).toEqual({ layer: 'lost', own: 'lost' });
  await app.superuser.query(
    `update agent_configs set config = '{"own": "kept"}', updated_at = updated_at + interval '1 ms' where id = $1`,
    [agent],
  );
  expect((await tenant.owner.client.get(path)).body.effective).toEqual({ layer: 'lost', own: 'kept' });
  await app.superuser.query(
    `with revision as (update config_revisions set revision = gen_random_uuid() where org_id = $2)
     update configs set config = '{"layer": "kept"}' where id = $1`,
    [id, tenant.orgId],
  );
  expect((await tenant.owner.client.get(path)).body.effective).toEqual({ layer: 'kept', own: 'kept' });
});

describe('who asks', () => {
  test('learns nothing of other teams, and of other organizations neither', async () => {
    const [tenant, stranger] = [await newTenant(app), await newTenant(app)];
    const teamId = await tenant.team();
    await publish(tenant, { layer: 'team', team_id: teamId, config: { a: 'theirs' } });
    await publish(stranger, { layer: 'global', config: { a: 'a stranger’s' } });
    const member = await tenant.person('member');
    const ask = (body: object) => resolve(tenant, body, member.client);
    expect((await ask({ team_id: tenant.teamId })).body).toMatchObject({
      effective: {},
      explain: [],
      skipped: [],
    });
    const agent = await agentOf(tenant, {}, teamId);
    expect((await ask({ team_id: teamId })).body.code).toBe('auth.forbidden');
    expect((await ask({ agent_config_id: agent })).body.code).toBe('auth.forbidden');
    expect((await member.client.get(`/agent-configs/${agent}/effective`)).body.code).toBe('auth.forbidden');
    const foreign = await agentOf(stranger);
    expect((await ask({ agent_config_id: foreign })).body.code).toBe('agent_config.not_found');
    expect((await ask({ team_id: stranger.teamId })).body.code).toBe('team.not_found');
    const both = { team_id: tenant.teamId, agent_config_id: agent };
    expect((await resolve(tenant, both)).body.errors).toMatchObject([{ pointer: '/team_id' }]);
  });

  test('is shown no secret, unless as a member of the team who asks for it', async () => {
    const tenant = await newTenant(app);
    const canary = unique('canary');
    await publish(tenant, { config: { sink: { api_key: canary, url: `https://a:${canary}@sink.example` } } });
    const agent = await agentOf(tenant, { password: canary });
    const path = `/agent-configs/${agent}/effective`;
    const [member, viewer] = [await tenant.person('member'), await tenant.person('viewer')];
    const told = await member.client.get(`${path}?include=secrets`);
    expect(told.body.effective).toEqual({
      password: canary,
      sink: { api_key: canary, url: `https://a:${canary}@sink.example` },
    });
    const shown = await viewer.client.get(path);
    expect(shown.body.effective).toEqual({
      password: '[masked]',
      sink: { api_key: '[masked]', url: 'https://a:[masked]@sink.example' },
    });
    expect(JSON.stringify(shown.body)).not.toContain(canary);
    expect(shown.body.hash).not.toBe(told.body.hash);
    expect((await viewer.client.get(`${path}?include=secrets`)).body.code).toBe('auth.forbidden');
    const ofNoTeam = await resolve(tenant, { include: 'secrets' }, member.client);
    expect(ofNoTeam.body.code).toBe('auth.forbidden');
  });
});

test('an alert is matched by name, severity, labels and the slug of the team', async () => {
  const tenant = await newTenant(app);
  const { owner, teamId } = tenant;
  const slug = (await owner.client.get(`/teams/${teamId}`)).body.slug;
  const cases: readonly [object, boolean][] = [
    [{ name: 'Disk.*' }, true],
    [{ name: 'Disk' }, false],
    [{ severity: 'critical|high' }, true],
    [{ severity: 'low' }, false],
    [{ team: `${slug}` }, true],
    [{ team: `not-${slug}` }, false],
    [{ labels: { service: 'checkout-.*', region: '' } }, true],
    [{ labels: { service: 'checkout-.*', region: '.+' } }, false],
    [{ name: '(?i)DISK.*', severity: 'critical', labels: { service: '.*api' } }, true],
  ];
  const expected: Record<string, boolean> = {};
  for (const [index, [match, holds]] of cases.entries()) {
    const id = await publish(tenant, { layer: 'alert', match, config: { [`c${index}`]: true } });
    expected[id] = holds;
  }
  const alert = { name: 'DiskFull', severity: 'critical', labels: { service: 'checkout-api' } };
  const { body } = await resolve(tenant, { team_id: teamId, alert });
  const held = new Set(body.explain.map(({ from }: { from: { config_id: string } }) => from.config_id));
  const skipped = new Set(body.skipped.map((each: { config_id: string }) => each.config_id));
  const seen = Object.fromEntries(Object.keys(expected).map((id) => [id, held.has(id) && !skipped.has(id)]));
  expect(seen).toEqual(expected);
  expect(body.skipped).toHaveLength(4);
});
