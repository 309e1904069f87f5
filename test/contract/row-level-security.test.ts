import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { fillTables, issuer } from '../harness/fill-tables.ts';
import { newWorld, type World } from '../harness/world.ts';

let app: TestApp;
let a: World;
let b: World;
let service: pg.Client;

beforeAll(async () => {
  app = await startApp();
  [a, b] = await Promise.all([newWorld(app), newWorld(app)]);
  await fillTables(app, [a, b]);
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  service = new pg.Client({ connectionString: inject('databases').service });
  await service.connect();
});
afterEach(() => service.end());

/** What belongs to no tenant, and holds nothing of one. */
const ofTheService = [
  'access_changes',
  'credential_epoch',
  'data_keys',
  'jwt_keys',
  'login_attempts',
  'login_challenges',
  'jwt_superseded_secrets',
  'maintenance',
  'oidc_logins',
  'passkey_challenges',
  'operator_events',
  'replication_marks',
  // @NOTE a person's, whatever the tenant.
  'passkeys',
  'recovery_codes',
  'totp_factors',
];

/** Tables of tenants. */
const tables = async (): Promise<string[]> => {
  const { rows } = await app.superuser.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and relname <> all($1) order by 1`,
    [['brownie_migrations', ...ofTheService]],
  );
  return rows.map(({ name }) => name);
};
const count = async (table: string): Promise<number> =>
  Number((await service.query(`select count(*) as n from ${table}`)).rows[0].n);
const enter = (orgId: string) => service.query('select set_config($1, $2, true)', ['app.org_id', orgId]);

describe('the catalogue', () => {
  test('every table has forced row-level security, and the service owns none and bypasses nothing', async () => {
    const { rows } = await app.superuser.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and relname <> 'brownie_migrations' and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
    expect((await tables()).length).toBeGreaterThanOrEqual(12);
    const { rows: roles } = await service.query(
      `select rolsuper, rolbypassrls, exists (select from pg_class where pg_has_role(current_user, relowner, 'member')
         and relnamespace = 'public'::regnamespace) as owns from pg_roles where rolname = current_user`,
    );
    expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false, owns: false }]);
  });

  test('maintenance is enforced on every tenant table', async () => {
    const { rows } = await app.superuser.query(
      `select tgrelid::regclass::text as name from pg_trigger
       where tgfoid = 'refuse_in_maintenance'::regproc and tgenabled = 'O'
         and tgtype = 30 -- before insert, update or delete, for each statement
       order by 1`,
    );
    // @NOTE people log in and out during maintenance.
    expect(rows.map(({ name }) => name)).toEqual((await tables()).filter((name) => name !== 'sessions'));
  });

  test('keys and foreign keys of tenant tables carry org_id', async () => {
    const { rows } = await app.superuser.query<{
      table: string;
      type: string;
      columns: string[];
      target: string;
    }>(
      `select conrelid::regclass::text as table, contype as type, confrelid::regclass::text as target,
              array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey)) as columns
       from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f')`,
    );
    const directory = ['organizations', 'users', 'user_identities', 'brownie_migrations', ...ofTheService];
    const loose = rows.filter(
      ({ table, columns, target }) =>
        !directory.includes(table) &&
        !columns.includes('org_id') &&
        !(target === 'users' && columns.length === 1),
    );
    expect(loose).toEqual([]);
  });

  test('nobody but the owner may change the audit trail, a version or whom an identity names', async () => {
    const tables = [
      'audit_events',
      'audit_links',
      'audit_chains',
      'audit_erasures',
      'audit_prunings',
      'agent_config_versions',
      'config_versions',
      'incident_events',
      'user_identities',
    ];
    for (const table of tables) {
      await expect(service.query(`update ${table} set org_id = org_id`)).rejects.toMatchObject({
        code: '42501',
      });
      // @NOTE an identity ends with its user; there is nothing to delete without a tenant.
      const removed = service.query(`delete from ${table}`);
      await (table === 'user_identities'
        ? expect(removed).resolves.toMatchObject({ rowCount: 0 })
        : expect(removed).rejects.toMatchObject({ code: '42501' }));
    }
  });
});

describe('the service’s role without a tenant', () => {
  test('sees no row of any table, on a fresh connection and on a used one', async () => {
    for (const table of await tables()) {
      expect([table, await count(table)]).toEqual([table, 0]);
    }
    await service.query('begin');
    await enter(a.tenant.orgId);
    expect(await count('incidents')).toBe(1);
    await service.query('commit');
    for (const table of await tables()) {
      expect([table, await count(table)]).toEqual([table, 0]);
    }
  });
});

test('the service’s role finds the identity that logs in, and no other', async () => {
  await service.query('begin');
  await service.query('select set_config($1, $2, true)', [
    'app.login_identity',
    `${issuer} ${a.tenant.owner.id}`,
  ]);
  const { rows } = await service.query('select subject from user_identities');
  expect(rows).toEqual([{ subject: a.tenant.owner.id }]);
  await service.query('commit');
  expect(await count('user_identities')).toBe(0);
});

describe('the service’s role within tenant A', () => {
  beforeEach(async () => {
    await service.query('begin');
    await enter(a.tenant.orgId);
  });

  test('sees rows of A and none of B', async () => {
    // @NOTE those are their user's, whatever the tenant, and mails are for who sends them.
    const ofTheUser = ['idempotency_keys', 'sessions', 'mail_tokens', 'mails'];
    for (const table of (await tables()).filter((name) => !ofTheUser.includes(name))) {
      const column = table === 'organizations' ? 'id' : 'org_id';
      const { rows } = await service.query(`select distinct ${column} as org from ${table}`);
      expect([table, rows]).toEqual([table, [{ org: a.tenant.orgId }]]);
    }
  });

  test.each([
    'users',
    'organization_memberships',
    'teams',
    'team_memberships',
    'incidents',
    'incident_events',
    'agent_configs',
    'agent_config_versions',
    'configs',
    'config_versions',
    'config_revisions',
    'stats',
    'audit_events',
    'user_identities',
    'invitations',
    'group_mappings',
    'organization_domains',
    'external_group_members',
    'mapped_memberships',
    'scim_users',
    'scim_groups',
    'scim_group_members',
  ])('cannot insert a row of B into %s', async (table) => {
    const { rows } = await service.query(
      `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    const { columns } = rows[0];
    const copied = columns.replace(/\borg_id\b/, `'${b.tenant.orgId}'::uuid`);
    await expect(
      service.query(`insert into ${table} (${columns}) select ${copied} from ${table} limit 1`),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test.each([
    'organization_memberships',
    'teams',
    'team_memberships',
    'incidents',
    'agent_configs',
    'configs',
    'users',
    'scim_users',
  ])('cannot move a row of %s to B', async (table) => {
    await expect(service.query(`update ${table} set org_id = $1`, [b.tenant.orgId])).rejects.toMatchObject({
      code: '42501',
    });
  });

  test.each([
    ['incidents', 'team_id', () => b.tenant.teamId],
    ['incidents', 'assigned_to', () => b.ids['user_id']],
    ['agent_configs', 'team_id', () => b.tenant.teamId],
    ['team_memberships', 'team_id', () => b.tenant.teamId],
    ['organization_memberships', 'team_id', () => b.tenant.teamId],
    ['teams', 'created_by', () => b.tenant.owner.id],
  ] as const)('cannot point %s.%s at a row of B', async (table, column, foreign) => {
    await expect(service.query(`update ${table} set ${column} = $1`, [foreign()])).rejects.toMatchObject({
      code: '23503',
    });
  });

  test('changes no row of B', async () => {
    const updated = await service.query(`update incidents set title = 'taken' where org_id = $1`, [
      b.tenant.orgId,
    ]);
    const deleted = await service.query(`delete from team_memberships where org_id = $1`, [b.tenant.orgId]);
    expect([updated.rowCount, deleted.rowCount]).toEqual([0, 0]);
  });
});

describe('the service’s role in the audit trail', () => {
  const enterAs = async (orgId: string, userId: string) => {
    await service.query('begin');
    await enter(orgId);
    await service.query('select set_config($1, $2, true)', ['app.user_id', userId]);
  };
  const insert = (fields: { orgId: string; actor: string | null; at: string }) =>
    service.query(
      `insert into audit_events (org_id, id, occurred_at, actor_type, actor_id, action, resource_type, resource_id)
       values ($1, gen_random_uuid(), ${fields.at}, $2, $3, 'team.updated', 'team', gen_random_uuid())`,
      [fields.orgId, fields.actor === null ? 'operator' : 'user', fields.actor],
    );

  test('writes what its own transaction does, at its time', async () => {
    const { orgId, owner } = a.tenant;
    await enterAs(orgId, owner.id);
    expect((await insert({ orgId, actor: owner.id, at: 'now()' })).rowCount).toBe(1);
    await service.query('rollback');
  });

  test('makes no link of an entry that is not there, nor of one that is', async () => {
    const { orgId } = a.tenant;
    await enter(orgId);
    await expect(
      service.query('insert into audit_links (org_id, event_id) values ($1, gen_random_uuid())', [orgId]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  const forgeries: readonly [string, () => { orgId?: string; actor?: string | null; at?: string }][] = [
    ['of somebody else', () => ({ actor: b.tenant.owner.id })],
    ['of the operator', () => ({ actor: null })],
    ['of another organization', () => ({ orgId: b.tenant.orgId })],
    ['of a second ago', () => ({ at: "now() - interval '1 second'" })],
    ['of the future', () => ({ at: "now() + interval '2 minutes'" })],
  ];

  test.each(forgeries)('writes no entry %s', async (_, forged) => {
    const { orgId, owner } = a.tenant;
    await enterAs(orgId, owner.id);
    await expect(insert({ orgId, actor: owner.id, at: 'now()', ...forged() })).rejects.toMatchObject({
      code: '42501',
    });
    await service.query('rollback');
  });
});
