import { type Cast, type Person, teamOf } from './cast.ts';
import { dayMs, iso } from './clock.ts';
import { demoOrganization } from './demo-organization.ts';
import type { LoginRole } from './people.ts';

const org_id = demoOrganization.id;

export const organizationRow = ({ foundedAt }: Cast) => ({
  ...demoOrganization,
  is_active: true,
  max_teams: 10,
  max_users_per_team: 50,
  created_at: iso(foundedAt),
  updated_at: iso(foundedAt),
});

/** A user as the table has it. Without a hash of a password nobody can log in as them. */
export const userRow = (cast: Cast, person: Person, passwordHash: string | null) => ({
  id: person.id,
  org_id,
  email: person.email,
  username: person.username,
  full_name: person.name,
  password_hash: passwordHash,
  is_active: !person.hasLeft,
  verified_email: person.email,
  preferences: person.isRobot
    ? {}
    : { time_zone: 'Europe/Berlin', digest: person.id.charCodeAt(35) % 2 === 0 },
  created_by: person === cast.owner ? null : cast.owner.id,
  updated_by: person === cast.owner ? null : cast.owner.id,
  created_at: iso(person.joinedAt),
  updated_at: iso(person.hasLeft ? leftAt(person) : person.joinedAt),
});

/** When somebody who has left did so. */
export const leftAt = ({ joinedAt }: Person): number => joinedAt + 200 * dayMs;

export const userRows = (cast: Cast, passwordHashes: ReadonlyMap<LoginRole, string>) =>
  cast.people.map((person) =>
    userRow(cast, person, (person.login && passwordHashes.get(person.login)) ?? null),
  );

export const membershipRows = (cast: Cast) =>
  cast.people.map(({ id, organizationRole, joinedAt }) => ({
    org_id,
    user_id: id,
    role: organizationRole,
    created_at: iso(joinedAt),
    updated_at: iso(joinedAt),
  }));

export const teamRows = (cast: Cast) =>
  cast.teams.map(({ id, name, slug, description, createdAt }) => ({
    org_id,
    id,
    name,
    slug,
    description,
    is_active: true,
    permissions: {},
    created_by: cast.owner.id,
    updated_by: cast.owner.id,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
  }));

export const teamMembershipRows = (cast: Cast) =>
  cast.people.flatMap(({ id, teams, joinedAt }) =>
    teams.map(([slug, role], index) => ({
      org_id,
      team_id: teamOf(cast, slug).id,
      user_id: id,
      role,
      // @NOTE the home team is the first that one joined.
      created_at: iso(joinedAt + index * dayMs),
      updated_at: iso(joinedAt + index * dayMs),
    })),
  );
