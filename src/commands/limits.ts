import { Type } from 'typebox';
import { type Organization, organizationStore } from '../features/organizations/index.ts';
import { teamStore } from '../features/teams/index.ts';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy, type RecordEntry } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import { sql } from '../platform/database/sql.ts';
import type { Transaction } from '../platform/database/transaction.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { findOrganization } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

export interface LimitOptions {
  readonly maxTeams?: number;
  readonly maxUsersPerTeam?: number;
  readonly activate?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Usage {
  readonly teams: number;
  /** Users of the team that has most. */
  readonly usersOfFullestTeam: number;
}

/** Shows the limits of an organization, and sets those that are given, with an audit entry of the operator. */
export async function limits(organization: string, options: LimitOptions): Promise<void> {
  await using database = await openMigratedDatabase(commandConfig());
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 10_000 });
  const orgId = await findOrganization(session.db, organization);
  if (orgId === undefined) {
    throw new OperationError(`There is no organization with the id or slug "${organization}"`);
  }
  const [before, after, usage] = await changeBy(session.db, operator, orgId, async (tx, record) => {
    const current = await organizationStore(tx).lock(orgId);
    if (current === undefined) {
      throw new OperationError(`The organization "${organization}" is gone`);
    }
    const wanted = wantedOf(current, options);
    const after = options.dryRun ? { ...current, ...wanted } : await setLimits(tx, record, current, wanted);
    return [current, after, await usageOf(tx, orgId)] as const;
  });
  report(
    {
      exitCode: 0,
      text: `${options.dryRun ? 'Nothing was changed. It would be:\n' : ''}${render(before, after, usage)}`,
      json: {
        isDryRun: options.dryRun ?? false,
        organization: after.id,
        before: limitsOf(before),
        after: limitsOf(after),
        usage,
      },
    },
    options,
  );
}

type Limits = Pick<Organization, 'max_teams' | 'max_users_per_team' | 'is_active'>;

const limitsOf = ({ max_teams, max_users_per_team, is_active }: Organization): Limits => ({
  max_teams,
  max_users_per_team,
  is_active,
});

const wantedOf = (
  before: Organization,
  {
    maxTeams = before.max_teams,
    maxUsersPerTeam = before.max_users_per_team,
    activate = before.is_active,
  }: LimitOptions,
): Limits => ({ max_teams: maxTeams, max_users_per_team: maxUsersPerTeam, is_active: activate });

async function setLimits(
  tx: Transaction,
  record: RecordEntry,
  before: Organization,
  wanted: Limits,
): Promise<Organization> {
  const resource = { resourceType: 'organization', resourceId: before.id };
  const at = await momentOf(tx, before.id, resource, before.updated_at);
  const after = await organizationStore(tx).update(before.id, wanted, at);
  if (after === undefined) {
    return before;
  }
  record({ ...resource, at, action: 'organization.limits_changed', before, after });
  return after;
}

async function usageOf(tx: Transaction, orgId: string): Promise<Usage> {
  const { n } = await tx.one(
    Type.Object({ n: Type.Integer() }),
    sql`select coalesce(max(n), 0) as n from (
          select count(*) as n from team_memberships m join users u on u.id = m.user_id
          where m.org_id = ${orgId} and u.deleted_at is null group by m.team_id
        ) counts`,
  );
  return { teams: await teamStore(tx, orgId).count(), usersOfFullestTeam: n };
}

const activity = (before: Organization, after: Organization): string =>
  before.is_active ? '' : after.is_active ? ': active again' : ': not active';

function render(before: Organization, after: Organization, usage: Usage): string {
  const line = (option: string, from: number, to: number, used: string): string =>
    `  ${option.padEnd(22)}${from === to ? to : `${from} -> ${to}`}  (${used})\n`;
  return [
    `${after.name} (${after.slug}, ${after.id})${activity(before, after)}\n`,
    line('--max-teams', before.max_teams, after.max_teams, `${usage.teams} in use`),
    line(
      '--max-users-per-team',
      before.max_users_per_team,
      after.max_users_per_team,
      `${usage.usersOfFullestTeam} in the fullest team`,
    ),
  ].join('');
}
