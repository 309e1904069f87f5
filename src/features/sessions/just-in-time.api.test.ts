import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '../../../test/harness/client.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { type SingleSignOn, startSingleSignOn } from '../../../test/harness/single-sign-on.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let sso: SingleSignOn;
let tenant: Tenant;
let domain: string;

beforeAll(async () => {
  sso = await startSingleSignOn({ isIdTokenFull: true });
});
afterAll(() => sso[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await newTenant(sso.app);
  domain = `${unique('acme')}.example`;
  await give();
});

const run = (text: string, values: readonly unknown[]) => sso.app.superuser.query(text, [...values]);
const give = (provider = 'default', orgId = tenant.orgId, name = domain) =>
  run('insert into organization_domains (org_id, domain, provider) values ($1, $2, $3)', [
    orgId,
    name,
    provider,
  ]);
const someone = (fields: object = {}) => sso.provider.account({ email: `Ada.L@${domain}`, ...fields });
const idOf = (reply: Reply): string => {
  expect(reply.status).toBe(200);
  return String(claimsOf(reply.body.access_token)['sub']);
};
const reasonOf = (reply: Reply): unknown => {
  expect(reply.status).toBe(401);
  return sso.app.log.find(
    ({ request_id: id, reason }) => id === reply.body.request_id && reason !== undefined,
  )?.['reason'];
};
const organizationsOf = async (userId: string): Promise<string[]> => {
  const { rows } = await run(
    'select org_id from organization_memberships where user_id = $1 and removed_at is null order by org_id',
    [userId],
  );
  return rows.map(({ org_id: id }) => id);
};
const usersOf = async (email: string): Promise<number> =>
  (await run('select from users where email_key = email_key($1)', [email])).rowCount ?? 0;

describe('somebody with an address of the domain', () => {
  test('is made a user at their first login, proved and without a password, and is the same at the next', async () => {
    const account = someone();
    const first = await sso.logIn(account);
    const id = idOf(first);
    const me = (await sso.app.clientOf(first.body.access_token).get('/auth/me')).body;
    expect(me).toMatchObject({
      id,
      email: account.email,
      org_id: tenant.orgId,
      team_id: null,
      is_verified: true,
    });
    expect(me.username).toMatch(/^Ada-L-[0-9a-f]{8}$/);
    expect(idOf(await sso.logIn(account))).toBe(id);
    const { rows } = await run(
      `select a.action, u.password_hash from audit_events a join users u on u.id = a.resource_id
       where a.org_id = $1 and u.id = $2 order by a.occurred_at`,
      [tenant.orgId, id],
    );
    expect(rows).toEqual([
      { action: 'user.created', password_hash: null },
      { action: 'user.identity_linked', password_hash: null },
    ]);
  });

  test('is one user in several tabs at once', async () => {
    const account = someone();
    const ids = (await Promise.all([1, 2, 3].map(() => sso.logIn(account)))).map(idOf);
    expect([new Set(ids).size, await usersOf(account.email)]).toEqual([1, 1]);
  });

  test('joins where they have an account elsewhere, and keeps that', async () => {
    const { email } = someone();
    const { id } = await sso.user({ email });
    expect(idOf(await sso.logIn(someone({ email })))).toBe(id);
    expect(await organizationsOf(id)).toEqual([sso.tenant.orgId, tenant.orgId].toSorted());
  });

  test('does not come back where the organization deleted them, or took them out', async () => {
    const deleted = someone();
    const { client } = tenant.owner;
    expect((await client.delete(`/users/${idOf(await sso.logIn(deleted))}`)).status).toBe(200);
    expect(reasonOf(await sso.logIn(deleted))).toBe('user_taken_out');
    const removed = someone({ email: `other@${domain}` });
    const { id } = await sso.user({ email: removed.email });
    await sso.logIn(removed);
    expect((await client.delete(`/users/${id}`)).status).toBe(200);
    expect(idOf(await sso.logIn(removed))).toBe(id);
    expect(await organizationsOf(id)).toEqual([sso.tenant.orgId]);
  });
});

describe('nobody is made a user', () => {
  test.each([
    ['of another domain', () => ({ email: `ada@other-${domain}` }), 'user_unknown'],
    ['of a domain below it', () => ({ email: `ada@sub.${domain}` }), 'user_unknown'],
    ['whose address is not verified', () => ({ email_verified: false }), 'email_unverified'],
  ])('%s', async (_, fields, reason) => {
    const account = someone(fields());
    expect(reasonOf(await sso.logIn(account))).toBe(reason);
    expect(await usersOf(account.email)).toBe(0);
  });

  test('by another provider than the one that is believed about the domain, nor linked', async () => {
    await run('update organization_domains set provider = $2 where domain = $1', [domain, 'other']);
    const account = someone();
    expect(reasonOf(await sso.logIn(account))).toBe('domain_of_another_provider');
    await sso.user({ email: account.email });
    expect(reasonOf(await sso.logIn(account))).toBe('domain_of_another_provider');
  });

  test('in an organization that is full, or not active', async () => {
    await run('update organizations set max_teams = 1, max_users_per_team = 1 where id = $1', [tenant.orgId]);
    expect(reasonOf(await sso.logIn(someone()))).toBe('organization_full');
    await run('update organizations set max_users_per_team = 50, is_active = false where id = $1', [
      tenant.orgId,
    ]);
    expect(reasonOf(await sso.logIn(someone()))).toBe('organization_inactive');
    expect(await usersOf(someone().email)).toBe(0);
  });

  test('in two organizations: a domain is one’s', async () => {
    const other = await newTenant(sso.app);
    await expect(give('default', other.orgId)).rejects.toMatchObject({ code: '23505' });
    expect(await organizationsOf(idOf(await sso.logIn(someone())))).toEqual([tenant.orgId]);
  });
});

describe('groups', () => {
  const group = () => `sre ${domain}`;
  const roleOf = async (id: string): Promise<string | undefined> => {
    const { rows } = await run('select role from team_memberships where team_id = $1 and user_id = $2', [
      tenant.teamId,
      id,
    ]);
    return rows[0]?.role;
  };

  test('give at a login what they are mapped to; silence takes nothing, and an empty list does', async () => {
    const made = await tenant.owner.client.post(`/organizations/${tenant.orgId}/group-mappings`, {
      external_group: group(),
      team_id: tenant.teamId,
      role: 'member',
    });
    expect(made.status).toBe(201);
    const { sub } = someone();
    const roleAfter = async (fields: object) =>
      await roleOf(idOf(await sso.logIn(someone({ sub, ...fields }))));
    expect(await roleAfter({})).toBeUndefined();
    expect(await roleAfter({ groups: [group()] })).toBe('member');
    expect(await roleAfter({})).toBe('member');
    expect(await roleAfter({ _claim_names: { groups: 'src1' } })).toBe('member');
    expect(await roleAfter({ groups: Array.from({ length: 200 }, (_, index) => `${index}`) })).toBe('member');
    expect(await roleAfter({ groups: ['another'] })).toBeUndefined();
    expect(await roleAfter({ groups: [group(), 'another'] })).toBe('member');
    expect(await roleAfter({ groups: [] })).toBeUndefined();
  });

  test('give nothing in an organization that does not trust the provider', async () => {
    const stranger = await newTenant(sso.app);
    const mapped = await stranger.owner.client.post(`/organizations/${stranger.orgId}/group-mappings`, {
      external_group: group(),
      team_id: stranger.teamId,
    });
    expect(mapped.status).toBe(201);
    const { email } = await sso.user();
    const account = sso.provider.account({ email, groups: [group()] });
    const id = idOf(await sso.logIn(account));
    const { rows } = await run('select from external_group_members where user_id = $1', [id]);
    expect([rows, await organizationsOf(id)]).toEqual([[], [sso.tenant.orgId]]);
  });
});
