import type { AuditAction } from '../platform/audit/audit-actions.ts';
import { maskSecrets } from '../platform/audit/mask.ts';
import { type Cast, type Person, teamOf } from './cast.ts';
import { dayMs, iso } from './clock.ts';
import { demoOrganization } from './demo-organization.ts';
import { leftAt, organizationRow, teamRows, userRow } from './organization-rows.ts';
import type { Random } from './random.ts';

const org_id = demoOrganization.id;

/** What the audit trail keeps of a change that a person made. */
export function auditRow(
  random: Random,
  entry: {
    readonly at: number;
    readonly actorId: string;
    readonly action: AuditAction;
    readonly resourceType: string;
    readonly resourceId: string;
    readonly teamId?: string;
    readonly before?: object;
    readonly after?: object;
  },
) {
  return {
    org_id,
    id: random.idAt(entry.at),
    occurred_at: iso(entry.at),
    actor_type: 'user',
    actor_id: entry.actorId,
    action: entry.action,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId,
    team_id: entry.teamId ?? null,
    before: maskSecrets(entry.before ?? null),
    after: maskSecrets(entry.after ?? null),
    request_id: random.idAt(entry.at),
    // @NOTE RFC 5737: addresses that are nobody's.
    address: `192.0.2.${random.int(1, 254)}`,
  };
}

export type AuditRow = ReturnType<typeof auditRow>;

/** The entries of the calls that would have made organization, teams and users. */
export function organizationAuditRows(random: Random, cast: Cast): AuditRow[] {
  const by = { actorId: cast.owner.id };
  const organization = { ...by, resourceType: 'organization', resourceId: org_id };
  return [
    auditRow(random, {
      ...organization,
      at: cast.foundedAt,
      action: 'organization.created',
      after: organizationRow(cast),
    }),
    ...teamRows(cast).map((row) =>
      auditRow(random, {
        ...by,
        at: Date.parse(row.created_at),
        action: 'team.created',
        resourceType: 'team',
        resourceId: row.id,
        teamId: row.id,
        after: { ...row, organization_id: org_id },
      }),
    ),
    ...cast.people.flatMap((person) => personAuditRows(random, cast, person)),
  ];
}

function personAuditRows(random: Random, cast: Cast, person: Person): AuditRow[] {
  const { id, joinedAt, teams } = person;
  const [home, ...others] = teams.map(([slug, role]) => ({ teamId: teamOf(cast, slug).id, role }));
  const by = { actorId: cast.owner.id };
  const user = { ...by, resourceType: 'user', resourceId: id, ...(home && { teamId: home.teamId }) };
  const shown = shownUser(cast, person);
  return [
    auditRow(random, { ...user, at: joinedAt, action: 'user.created', after: { ...shown, is_active: true } }),
    ...others.map(({ teamId, role }, index) =>
      auditRow(random, {
        ...by,
        at: joinedAt + (index + 1) * dayMs,
        action: 'team.member_added',
        resourceType: 'team',
        resourceId: teamId,
        teamId,
        after: { user_id: id, role },
      }),
    ),
    ...(person.hasLeft
      ? [
          auditRow(random, {
            ...user,
            at: leftAt(person),
            action: 'user.updated',
            before: { ...shown, is_active: true },
            after: shown,
          }),
        ]
      : []),
  ];
}

/** A user as the API shows it. */
function shownUser(cast: Cast, person: Person) {
  const { password_hash: _, ...row } = userRow(cast, person, null);
  const [slug = '', role = 'viewer'] = person.teams[0] ?? [];
  return {
    ...row,
    organization_id: org_id,
    team_id: teamOf(cast, slug).id,
    role: person.organizationRole === 'member' ? role : 'admin',
    avatar_url: null,
    deleted_at: null,
    deleted_by: null,
  };
}
