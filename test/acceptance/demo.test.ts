import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { brownie, type ServiceProcess, startService } from './service-process.ts';

const orgId = '018bcfe5-6800-7000-8000-000000000001';
const emails = {
  owner: 'maya.okafor@demo.example',
  admin: 'jonas.lindqvist@demo.example',
  teamAdmin: 'tomas.herrera@demo.example',
  member: 'ravi.menon@demo.example',
  viewer: 'grace.kim@demo.example',
};
let database: OwnDatabase;
let service: ServiceProcess;
let password: string;

beforeAll(async () => {
  database = await ownDatabase({ isMigrated: true });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await database[Symbol.asyncDispose]();
});

const demo = (...options: string[]) =>
  brownie(['demo', '--incidents', '500', ...options], database.variables);
const passwordIn = (text: string): string => /Password {2}([a-z0-9-]{24}) /.exec(text)?.[1] ?? '';
const scalars = async (sql: string): Promise<Record<string, unknown>> =>
  (await database.superuser.query(sql)).rows[0];
const logIn = async (email: string, secret = password) => {
  const response = await fetch(`${service.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: secret }),
  });
  const { access_token = '' } = (await response.json()) as { access_token?: string };
  return { status: response.status, token: access_token };
};
const call = async (token: string, path: string, body?: object) => {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test asserts what it expects of a reply
  return { status: response.status, body: (await response.json()) as any };
};

test('a name that somebody else has is told in one line, and nothing is left behind', async () => {
  const taken =
    "insert into organizations (id, name, slug) values (gen_random_uuid(), 'Theirs', 'brownie-demo')";
  await database.superuser.query(taken);
  const refused = await demo();
  expect(refused.code).toBe(4);
  expect(refused.stderr).toBe(
    'Somebody else has a name that the demonstration needs (organizations_slug_key); nothing was changed\n',
  );
  expect(await scalars('select count(*)::int as n from users')).toEqual({ n: 0 });
  await database.superuser.query('delete from organizations');
});

test('a production service is left alone unless it is forced', async () => {
  const production = { ...database.variables, METADATA_ENVIRONMENT: 'production' };
  const refused = await brownie(['demo'], production);
  expect([refused.code, refused.stdout]).toEqual([4, '']);
  expect(refused.stderr).toMatch(/^This is a production service: .*--force.*\n$/);
});

test('fills the organization, with an audit entry, and says how to log in', async () => {
  const filled = await demo();
  expect([filled.code, filled.stderr]).toEqual([0, '']);
  expect(filled.stdout).toContain('500 of 500 incidents\n');
  for (const email of Object.values(emails)) {
    expect(filled.stdout).toContain(email);
  }
  password = passwordIn(filled.stdout);
  expect(password).toHaveLength(24);
  service = await startService(database.variables);

  const counts = await scalars(`select
    (select count(*)::int from teams) as teams, (select count(*)::int from users) as users,
    (select count(*)::int from incidents) as incidents, (select count(*)::int from agent_configs) as agents,
    (select count(*)::int from audit_events where action = 'demo.filled' and actor_type = 'operator') as entries`);
  expect(counts).toEqual({ teams: 6, users: 25, incidents: 500, agents: 20, entries: 1 });
  const many = await scalars(`select (select count(*)::int from stats) as stats,
    (select count(*)::int from agent_config_versions) as versions,
    (select count(*)::int from incidents where status in ('resolved', 'closed')) as ended`);
  expect(many['stats']).toBeGreaterThan(15_000);
  expect(many['versions']).toBeGreaterThan(40);
  expect(many['ended']).toBeGreaterThan(400);
});

test('incidents are what their timelines make of them, in the year before now', async () => {
  const faults = await scalars(`select
    count(*) filter (where i.created_at < now() - interval '366 days' or i.updated_at > now())::int as "out of time",
    count(*) filter (where i.version <> 1 + e.changes)::int as "version",
    count(*) filter (where i.status <> coalesce(e.last_status, 'open'))::int as "status",
    count(*) filter (where i.assigned_to::text is distinct from e.last_assignee)::int as "assignee",
    count(*) filter (where i.updated_at <> e.last_change)::int as "updated",
    count(*) filter (where e.first <> 'created')::int as "first event",
    count(*) filter (where uuid_extract_timestamp(i.id) <> i.created_at)::int as "id"
    from incidents i cross join lateral (
      select count(*) filter (where type not in ('created', 'commented')) as changes,
        (array_agg(type order by created_at, id))[1] as first,
        max(created_at) filter (where type <> 'commented') as last_change,
        (array_agg(changes #>> '{status,to}' order by created_at desc) filter (where changes ? 'status'))[1] as last_status,
        (array_agg(changes #>> '{assigned_to,to}' order by created_at desc) filter (where changes ? 'assigned_to'))[1]
          as last_assignee
      from incident_events where incident_id = i.id
    ) e`);
  expect(
    Object.values(faults).every((n) => n === 0),
    JSON.stringify(faults),
  ).toBe(true);
  const versions = await scalars(`select count(*)::int as faults from agent_configs c where
    (select max(version) from agent_config_versions where config_id = c.id) <> c.version or
    (select count(*) from audit_events where resource_id = c.id) <> c.version`);
  expect(versions).toEqual({ faults: 0 });
});

test('the printed logins work, each with its role', async () => {
  const tokens = Object.fromEntries(
    await Promise.all(
      Object.entries(emails).map(async ([who, email]) => [who, (await logIn(email)).token] as const),
    ),
  );
  const roles = Object.entries(tokens).map(async ([who, token]) => [
    who,
    (await call(token, '/auth/me')).body.role,
  ]);
  expect(Object.fromEntries(await Promise.all(roles))).toEqual({
    owner: 'admin',
    admin: 'admin',
    teamAdmin: 'admin',
    member: 'member',
    viewer: 'viewer',
  });
  const { owner = '', member = '', viewer = '' } = tokens;
  const { body: teams } = await call(owner, `/organizations/${orgId}/teams`);
  const payments = teams.find((team: { slug: string }) => team.slug === 'payments').id;
  const page = await call(viewer, `/teams/${payments}/incidents?limit=100`);
  expect([page.status, page.body.items.length > 50]).toEqual([200, true]);
  expect((await call(viewer, `/teams/${payments}/incidents`, { title: 'By a viewer' })).status).toBe(403);
  expect((await call(member, `/teams/${payments}/incidents`, { title: 'By a member' })).status).toBe(200);
  expect((await call(member, `/organizations/${orgId}/audit-events`)).status).toBe(403);
  expect((await call(owner, `/organizations/${orgId}/audit-events`)).body.items.length).toBe(20);
});

test('its audit trail is a chain; an export of it is verified by a checkpoint, without the database', async () => {
  const verified = await brownie(['audit', 'verify', '--json'], database.variables);
  expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
    0,
    { ok: true, organizations: [{ organization: orgId, ok: true, first_bad_seq: null }] },
  ]);

  const { token } = await logIn(emails.owner);
  const trail = `${service.url}/api/v1/organizations/${orgId}/audit-events`;
  const textOf = async (what: string) =>
    (await fetch(`${trail}/${what}`, { headers: { authorization: `Bearer ${token}` } })).text();
  const folder = await mkdtemp(join(tmpdir(), 'brownie-audit-'));
  const [file, checkpoint] = [join(folder, 'audit.ndjson'), join(folder, 'checkpoint.json')];
  await writeFile(checkpoint, await textOf('checkpoint'));
  await writeFile(file, await textOf('export'));
  const verify = (...options: string[]) => brownie(['audit', 'verify', file, ...options], {});
  const whole = await verify('--checkpoint', checkpoint);
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('are whole and in order')]);
  expect((await verify('--checkpoint', checkpoint, '--key', 'another')).code).toBe(1);
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.toSpliced(4, 1).join('\n'));
  const cut = await verify();
  expect([cut.code, cut.stdout]).toEqual([1, 'Wrong at 5: it does not follow the entry before it.\n']);
  await rm(folder, { recursive: true });

  await database.superuser.query(
    `update audit_events set after = '{}' where id = (select event_id from audit_links where org_id = $1 and seq = 3)`,
    [orgId],
  );
  const broken = await brownie(['audit', 'verify', '--organization', 'brownie-demo'], database.variables);
  expect([broken.code, broken.stdout]).toEqual([1, `${orgId}: the first bad entry is at 3\n`]);
});

test('a second run changes nothing; passwords are reset on request only', async () => {
  const digest = () =>
    scalars('select count(*)::int as n, md5(string_agg(u::text, null order by id)) from users u');
  const before = await digest();
  const again = await demo();
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(again.stdout).toContain('Brownie Demo is there already');
  expect(again.stdout).toContain('--reset-passwords');
  expect(again.stdout).not.toContain(password);
  expect(await digest()).toEqual(before);

  const reset = passwordIn((await demo('--reset-passwords')).stdout);
  expect((await logIn(emails.owner)).status).toBe(401);
  expect((await logIn(emails.owner, reset)).status).toBe(200);
  expect((await logIn(emails.viewer, reset)).status).toBe(200);
  expect(
    await scalars(
      `select array_agg(action order by id) as actions from operator_events where action like 'demo.%'`,
    ),
  ).toEqual({ actions: ['demo.filled', 'demo.passwords_reset'] });
});
