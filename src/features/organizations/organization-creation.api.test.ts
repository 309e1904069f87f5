import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client, Reply, RequestOptions } from '../../../test/harness/client.ts';
import { newTenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const create = (client: Client, fields: object = {}, options?: RequestOptions) =>
  client.post('/organizations', { name: unique('Org'), ...fields }, options);
const withKey = (key: string): RequestOptions => ({ headers: { 'idempotency-key': key } });
const pointersOf = ({ body }: Reply): string[] => [
  ...new Set<string>(body.errors.map(({ pointer }: { pointer: string }) => pointer)),
];
/** Ten letters of which no slug can show anything, other ones each time. */
const unreadable = (): string =>
  [...unique('')]
    .slice(0, 10)
    .map((letter) => String.fromCodePoint(0x4e00 + letter.charCodeAt(0)))
    .join('');
const countByName = async (name: string): Promise<number> => {
  const { rows } = await app.superuser.query('select count(*)::int as n from organizations where name = $1', [
    name,
  ]);
  return rows[0].n;
};

describe('an organization', () => {
  test('is made with the caller as its owner, and with the default limits', async () => {
    const { owner } = await newTenant(app);
    const name = unique('Acme');
    const reply = await create(owner.client, { name });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name,
      slug: name.toLowerCase(),
      description: null,
      is_active: true,
      max_teams: 10,
      max_users_per_team: 50,
      mfa_required: false,
      created_at: expect.stringMatching(timestamp),
      updated_at: reply.body.created_at,
    });

    const { rows } = await app.superuser.query(
      `select o.name, o.slug, m.user_id, m.role, m.team_id from organizations o
       join organization_memberships m on m.org_id = o.id where o.id = $1`,
      [reply.body.id],
    );
    expect(rows).toEqual([{ name, slug: reply.body.slug, user_id: owner.id, role: 'owner', team_id: null }]);

    expect(await auditOf(app.superuser, reply)).toEqual([
      {
        org_id: reply.body.id,
        action: 'organization.created',
        actor_type: 'user',
        actor_id: owner.id,
        resource_type: 'organization',
        resource_id: reply.body.id,
        team_id: null,
        before: null,
        after: reply.body,
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ]);
  });

  test('takes the fields that are given', async () => {
    const { owner } = await newTenant(app);
    const given = {
      slug: unique('slug'),
      description: 'Ops',
      is_active: false,
      max_teams: 2,
      max_users_per_team: 3,
    };
    const reply = await create(owner.client, given);
    expect([reply.status, reply.body]).toMatchObject([200, given]);
  });

  test('can be made by anyone signed in, whatever the role elsewhere', async () => {
    const viewer = await (await newTenant(app)).person('viewer');
    expect((await create(viewer.client)).status).toBe(200);
  });

  test('can not be made without a token', async () => {
    const name = unique('Org');
    const reply = await create(app.anonymous, { name });
    expect([reply.status, reply.body.code]).toEqual([401, 'auth.unauthenticated']);
    expect(await countByName(name)).toBe(0);
  });
});

describe('a name', () => {
  test.each([
    ['日本語', /^organization-[0-9a-f]{10}$/],
    ['🚒🔥', /^organization-[0-9a-f]{10}$/],
    ['---', /^organization-[0-9a-f]{10}$/],
    ['Ünïcode  Ops', /^unicode-ops(-[0-9a-f]{10})?$/],
    ['é'.repeat(245), /^(e{100}|e{89}-[0-9a-f]{10})$/],
  ])('in any script gives a valid slug: %s', async (name, slug) => {
    const { owner } = await newTenant(app);
    const reply = await create(owner.client, { name: `${name}${unreadable()}` });
    expect([reply.status, reply.body.slug]).toEqual([200, expect.stringMatching(slug)]);
  });

  test('of 255 characters is taken, of 256 not', async () => {
    const { owner } = await newTenant(app);
    const name = `${unique('n')}${'🚒'.repeat(255)}`;
    const longest = [...name].slice(0, 255).join('');
    expect((await create(owner.client, { name: longest })).body.name).toBe(longest);
    expect((await create(owner.client, { name: `${longest}!` })).body.errors).toMatchObject([
      { pointer: '/name' },
    ]);
  });

  test('that reads like another one gives another slug', async () => {
    const { owner } = await newTenant(app);
    const name = unique('Blue Team');
    const [first, second, third] = [
      await create(owner.client, { name }),
      await create(owner.client, { name: `${name}!` }),
      await create(owner.client, { name: name.toUpperCase() }),
    ];
    const slugs = [first, second, third].map(({ body }) => body.slug);
    expect(slugs[0]).toBe(name.toLowerCase().replace(' ', '-'));
    expect(slugs[1]).toMatch(new RegExp(`^${slugs[0]}-[0-9a-f]{10}$`));
    expect(new Set(slugs).size).toBe(3);
  });

  test('that is taken is refused, also by another tenant’s', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const name = unique('Org');
    await create(theirs.owner.client, { name });
    const reply = await create(mine.owner.client, { name });
    expect([reply.status, reply.body.code]).toEqual([400, 'organization.name_taken']);
    expect(reply.body.detail).toContain('already exists');
    expect(await countByName(name)).toBe(1);
  });
});

test('a slug that is taken is refused', async () => {
  const [mine, theirs] = [await newTenant(app), await newTenant(app)];
  const slug = unique('slug');
  await create(theirs.owner.client, { slug });
  const name = unique('Org');
  const reply = await create(mine.owner.client, { name, slug });
  expect([reply.status, reply.body.code]).toEqual([400, 'organization.slug_taken']);
  expect(reply.body.detail).toContain('already exists');
  expect(await countByName(name)).toBe(0);
});

test.each(['max_teams', 'max_users_per_team'])(
  '%s above the default is the operator’s to give',
  async (limit) => {
    const { owner } = await newTenant(app);
    const name = unique('Org');
    const reply = await create(owner.client, { name, [limit]: 51 });
    expect([reply.status, reply.body.code]).toEqual([403, 'organization.limit_fixed']);
    expect(reply.body.errors).toMatchObject([{ pointer: `/${limit}` }]);
    expect(await countByName(name)).toBe(0);
  },
);

test.each([
  ['no name', { name: undefined }, '/name'],
  ['an empty name', { name: '' }, '/name'],
  ['no text for a name', { name: 7 }, '/name'],
  ['capitals in the slug', { slug: 'Acme' }, '/slug'],
  ['an empty slug', { slug: '' }, '/slug'],
  ['a slug of 101 characters', { slug: 'x'.repeat(101) }, '/slug'],
  ['no teams', { max_teams: 0 }, '/max_teams'],
  ['half a user', { max_users_per_team: 1.5 }, '/max_users_per_team'],
  ['a field of the reply', { created_at: '2026-01-01T00:00:00Z' }, '/created_at'],
  ['an unknown field', { plan: 'gold' }, '/plan'],
])('with %s there is none, and the field is named', async (_, fields, pointer) => {
  const { owner } = await newTenant(app);
  const reply = await create(owner.client, fields);
  expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
  expect(pointersOf(reply)).toEqual([pointer]);
});

describe('an Idempotency-Key', () => {
  test('gives the same reply again, once made', async () => {
    const { owner } = await newTenant(app);
    const body = { name: unique('Org') };
    const first = await create(owner.client, body, withKey('k-1'));
    const again = await create(owner.client, body, withKey('k-1'));
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect(await auditOf(app.superuser, again)).toEqual([]);
  });

  test('stands for one payload', async () => {
    const { owner } = await newTenant(app);
    await create(owner.client, {}, withKey('k-1'));
    const name = unique('Org');
    const other = await create(owner.client, { name }, withKey('k-1'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    expect(await countByName(name)).toBe(0);
  });

  test('is its principal’s own', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    const first = await create(tenant.owner.client, {}, withKey('k-1'));
    const second = await create(member.client, {}, withKey('k-1'));
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('of a request that failed is free again', async () => {
    const { owner } = await newTenant(app);
    const { slug } = (await create(owner.client)).body;
    expect((await create(owner.client, { slug }, withKey('k-1'))).status).toBe(400);
    expect((await create(owner.client, {}, withKey('k-1'))).status).toBe(200);
  });
});

describe('how many organizations a user may own', () => {
  test('is bounded, whatever comes at once', async () => {
    const { owner } = await newTenant(app);
    const replies = await Promise.all(Array.from({ length: 24 }, () => create(owner.client)));
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(5).fill([409, 'user.organization_limit_reached']),
    );
    expect((await owner.client.get('/organizations')).body).toHaveLength(20);
  });

  test('is the operator’s to raise, for one user', async () => {
    const { owner } = await newTenant(app);
    const setTo = (n: number) =>
      app.superuser.query('update users set max_organizations = $2 where id = $1', [owner.id, n]);
    await setTo(1);
    expect((await create(owner.client)).body.code).toBe('user.organization_limit_reached');
    await setTo(2);
    expect((await create(owner.client)).status).toBe(200);
  });
});
