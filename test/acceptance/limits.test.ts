import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { brownie } from './service-process.ts';

const logins = inject('databases');
const id = randomUUID();
const slug = `limits-${id.slice(0, 8)}`;
const superuser = new pg.Pool({
  connectionString: Object.assign(new URL(logins.superuser), { pathname: '/brownie' }).href,
  max: 1,
});

beforeAll(() =>
  superuser.query('insert into organizations (id, name, slug) values ($1, $2, $2)', [id, slug]),
);
afterAll(() => superuser.end());

const limits = (...args: string[]) =>
  brownie(['limits', ...args], {
    METADATA_POSTGRES_DSN: logins.service,
    METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
    METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
  });
const auditEvents = async () => {
  const { rows } = await superuser.query(
    'select * from audit_events where org_id = $1 order by occurred_at, id',
    [id],
  );
  return rows;
};

test('shows limits and what is in use, by slug and by id', async () => {
  const bySlug = await limits(slug);
  expect([bySlug.code, bySlug.stderr]).toEqual([0, '']);
  expect(bySlug.stdout.split('\n')).toEqual([
    `${slug} (${slug}, ${id})`,
    expect.stringMatching(/--max-teams +10 +\(0 in use\)/),
    expect.stringMatching(/--max-users-per-team +50 +\(0 in the fullest team\)/),
    '',
  ]);
  expect(await limits(id.toUpperCase())).toEqual(bySlug);
  expect(await auditEvents()).toEqual([]);
});

test('--dry-run says what would be, and changes nothing', async () => {
  const tried = await limits(slug, '--max-teams', '25', '--dry-run');
  expect([tried.code, tried.stdout]).toEqual([
    0,
    expect.stringMatching(/^Nothing was changed.*--max-teams +10 -> 25 /s),
  ]);
  const shown = await limits(slug, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    organization: id,
    after: { max_teams: 10, max_users_per_team: 50 },
    usage: { teams: 0, users_of_fullest_team: 0 },
  });
  expect(await auditEvents()).toEqual([]);
});

test('raises a limit and leaves an audit entry of the operator; the same again changes nothing', async () => {
  const raised = await limits(slug, '--max-teams', '25');
  expect([raised.code, raised.stderr]).toEqual([0, '']);
  expect(raised.stdout).toMatch(/--max-teams +10 -> 25 /);
  const again = await limits(slug, '--max-teams', '25', '--max-users-per-team', '50');
  expect(again.stdout).toMatch(/--max-teams +25 /);

  const { rows } = await superuser.query(
    'select max_teams, max_users_per_team, updated_at from organizations where id = $1',
    [id],
  );
  expect(rows).toEqual([{ max_teams: 25, max_users_per_team: 50, updated_at: expect.any(Date) }]);
  expect(await auditEvents()).toEqual([
    expect.objectContaining({
      occurred_at: rows[0].updated_at,
      actor_type: 'operator',
      actor_id: null,
      action: 'organization.limits_changed',
      resource_type: 'organization',
      resource_id: id,
      before: expect.objectContaining({ max_teams: 10, max_users_per_team: 50 }),
      after: expect.objectContaining({ max_teams: 25, max_users_per_team: 50 }),
    }),
  ]);
});

test('an organization that is not there is told in one line', async () => {
  const names = ['no-such-organization', randomUUID()];
  const replies = await Promise.all(names.map((name) => limits(name)));
  expect(replies).toEqual(
    names.map((name) => ({
      code: 1,
      stdout: '',
      stderr: `There is no organization with the id or slug "${name}"\n`,
    })),
  );
});

test('a limit that is no whole number within bounds is wrong usage', async () => {
  const values = ['0', '1.5', 'ten', '1000001'];
  for (const { code, stdout, stderr } of await Promise.all(
    values.map((value) => limits(slug, '--max-teams', value)),
  )) {
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('It must be a whole number from 1 to 1000000.');
  }
});

test('naming a slug opens the one organization that has it, also to the owner of the tables', async () => {
  const other = `${slug}-other`;
  await superuser.query('insert into organizations (id, name, slug) values ($1, $2, $2)', [
    randomUUID(),
    other,
  ]);
  const owner = new pg.Client({ connectionString: logins.owner });
  await owner.connect();
  const visible = async () => (await owner.query<{ slug: string }>('select slug from organizations')).rows;
  expect(await visible()).toEqual([]);
  await owner.query("select set_config('app.organization_slug', $1, false)", [slug]);
  expect(await visible()).toEqual([{ slug }]);
  expect((await owner.query('update organizations set max_teams = 1')).rowCount).toBe(0);
  await owner.end();
});

test('gives one user more organizations, with an audit entry of the operator', async () => {
  const userId = randomUUID();
  const email = `${userId.slice(0, 8)}@example.com`;
  await superuser.query('insert into users (id, org_id, email, username) values ($1, $2, $3, $4)', [
    userId,
    id,
    email,
    `u-${userId.slice(0, 8)}`,
  ]);
  const userLimits = (...args: string[]) =>
    brownie(['user-limits', ...args], {
      METADATA_POSTGRES_DSN: logins.service,
      METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
    });
  const raised = await userLimits(email, '--max-organizations', '50');
  expect([raised.code, raised.stderr, raised.stdout]).toEqual([
    0,
    '',
    `${email} (${userId})\n  --max-organizations   20 -> 50  (0 in use)\n`,
  ]);
  const shown = await userLimits(userId, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ user: userId, after: 50 });
  expect(await auditEvents()).toContainEqual(
    expect.objectContaining({
      actor_type: 'operator',
      action: 'user.limits_changed',
      resource_id: userId,
      after: { max_organizations: 50 },
    }),
  );
});

test('removes a second factor that is lost, with an audit entry of the operator', async () => {
  const userId = randomUUID();
  const email = `${userId.slice(0, 8)}@example.com`;
  await superuser.query(
    `with key as (
       insert into data_keys (id, wrapped) values ('00000000000000f2', '{}') on conflict (id) do update set wrapped = '{}' returning id
     ), someone as (
       insert into users (id, org_id, email, username) values ($1, $2, $3, $4) returning id
     ), factor as (
       insert into totp_factors (user_id, key_id, sealed_secret, confirmed_at) select someone.id, key.id, 'sealed', now() from someone, key
     ), passkey as (
       insert into passkeys (user_id, id, credential_id, public_key, counter, transports, name)
       select id, gen_random_uuid(), uuid_send(id), '', 0, '{}', 'Lost' from someone
     )
     insert into recovery_codes (user_id, code_hash, epoch) select someone.id, sha256('one'), e.epoch from someone, credential_epoch e`,
    [userId, id, email, `f-${userId.slice(0, 8)}`],
  );
  const secondFactor = (...args: string[]) =>
    brownie(['second-factor', email, ...args], {
      METADATA_POSTGRES_DSN: logins.service,
      METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
    });
  const tried = await secondFactor('--remove', '--dry-run');
  expect([tried.code, tried.stderr]).toEqual([0, '']);
  expect(tried.stdout).toContain(
    'passkeys: 1, recovery codes left: 1\nNothing was changed. It would be removed.\n',
  );
  expect(JSON.parse((await secondFactor('--remove', '--json')).stdout)).toMatchObject({
    user: userId,
    is_removed: true,
  });
  expect((await secondFactor()).stdout).toBe(`${email} (${userId})\n  no second factor\n`);
  const { rows } = await superuser.query(
    'select from recovery_codes where user_id = $1 union all select from passkeys where user_id = $1',
    [userId],
  );
  expect(rows).toEqual([]);
  expect(await auditEvents()).toContainEqual(
    expect.objectContaining({
      actor_type: 'operator',
      action: 'user.second_factor_removed',
      resource_id: userId,
    }),
  );
});

test('gives an organization a domain on the operator’s word, and takes it, with audit entries', async () => {
  const provider = (name: string) => ({
    name,
    issuer: `https://${name}.example.com`,
    client_id: 'brownie',
    client_secret: 'a secret of the provider',
    redirect_uri: `https://api.example.com/api/v1/auth/providers/${name}/callback`,
  });
  const domains = (...args: string[]) =>
    brownie(['domains', slug, ...args], {
      METADATA_POSTGRES_DSN: logins.service,
      METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      METADATA_OIDC_PROVIDERS: JSON.stringify([provider('entra'), provider('okta')]),
    });
  const domain = `${slug}.example`;
  const claimed = await domains('--claim', domain.toUpperCase(), '--provider', 'entra');
  expect([claimed.code, claimed.stderr, claimed.stdout]).toEqual([
    0,
    '',
    `Domains:\n  ${domain}  by entra\n`,
  ]);
  const refused = await Promise.all([
    domains('--claim', domain),
    domains('--claim', domain, '--provider', 'other'),
    domains('--claim', 'gmail.com', '--provider', 'entra'),
    domains('--claim', 'no domain', '--provider', 'entra'),
    domains('--release', 'other.example'),
  ]);
  expect(refused.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
  const released = await domains('--release', domain, '--json');
  expect([released.code, JSON.parse(released.stdout)]).toEqual([0, { organization: id, domains: [] }]);
  const entries = (await auditEvents()).filter(({ action }) => action.startsWith('domain.'));
  expect(entries).toMatchObject([
    { actor_type: 'operator', action: 'domain.claimed', after: { domain, provider: 'entra' } },
    { actor_type: 'operator', action: 'domain.released', before: { domain } },
  ]);
});
