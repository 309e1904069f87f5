import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Field, openField } from './fuzz.ts';
import { Target } from './target.ts';

/** What must hold of every row, whoever raced for it. */
const rules: Readonly<Record<string, string>> = {
  'an organization without an owner': `select o.id from organizations o where not exists (
     select from organization_memberships m where m.org_id = o.id and m.role = 'owner' and m.removed_at is null)`,
  'more teams than the organization may have': `select o.id from organizations o
     where (select count(*) from teams t where t.org_id = o.id) > o.max_teams`,
  'more users than the team may have': `select t.id from teams t join organizations o on o.id = t.org_id
     where (select count(*) from team_memberships m join users u on u.id = m.user_id and u.deleted_at is null
            where m.org_id = t.org_id and m.team_id = t.id) > o.max_users_per_team`,
  'versions of a configuration with gaps, or beside it': `select c.id from agent_configs c where c.version <> (
     select count(*) from agent_config_versions v where v.org_id = c.org_id and v.config_id = c.id)
     or c.version <> (select max(v.version) from agent_config_versions v where v.org_id = c.org_id and v.config_id = c.id)`,
  'an incident whose changes are not counted': `select i.id from incidents i where i.version < (
     select count(*) from audit_events e where e.org_id = i.org_id and e.resource_type = 'incident' and e.resource_id = i.id
       and e.action in ('incident.created', 'incident.updated', 'incident.deleted', 'incident.restored'))`,
  'an open invitation beside another one to the same address': `select org_id from invitations
     where accepted_at is null and revoked_at is null and expires_at > now() group by org_id, email_key(email) having count(*) > 1`,
};

const perWorld = 12;

async function brokenRules({ app }: Field): Promise<readonly string[]> {
  const found = Object.entries(rules).map(async ([rule, query]) => {
    const { rows } = await app.superuser.query(query);
    return rows.length === 0 ? [] : [`${rows.length} × ${rule}`];
  });
  return (await Promise.all(found)).flat();
}

test('any two changes, 2 to 8 times at once, end in rows that keep every rule, without a deadlock or another error of ours', async () => {
  await using field = await openField();
  const { seed, path, scale } = field.options;
  const changes = field.operations.filter(({ method }) => method !== 'GET');
  let calls = 0;
  const race = fc.record({
    first: fc.constantFrom(...changes),
    second: fc.constantFrom(...changes),
    copies: fc.integer({ min: 2, max: 8 }),
  });
  const meeting = fc.asyncProperty(
    fc.array(race, { minLength: perWorld, maxLength: perWorld }),
    async (races) => {
      const target = await Target.create(field);
      for (const { first, second, copies } of races) {
        const both = Array.from({ length: copies }, () => [first, second]).flat();
        const faults = await Promise.all(
          both.map((each) =>
            target.attack(each, target.rightInput(each), undefined, { mayLoseRights: true }),
          ),
        );
        expect(faults.flat()).toEqual([]);
      }
      calls += target.client.calls;
    },
  );
  const runs = Math.ceil(55 * scale);
  const result = await fc.check(meeting, {
    seed,
    numRuns: runs,
    endOnFailure: true,
    ...(path === undefined ? {} : { path }),
  });
  process.stdout.write(`races: seed ${seed}, ${runs * perWorld} races, ${calls} requests\n`);
  expect(
    result.failed,
    `${fc.defaultReportMessage(result)}\n  again: npm run test:attack -- races --seed ${seed}`,
  ).toBe(false);
  expect(await brokenRules(field)).toEqual([]);
  expect(await field.finalFaults()).toEqual([]);
});
