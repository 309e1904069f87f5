import { dayMs, hourMs } from './clock.ts';
import { emailOf, type PersonPlan, people, usernameOf } from './people.ts';
import type { Random } from './random.ts';
import { type TeamPlan, teamPlans } from './teams.ts';

/** How long ago the organization began; its incidents fill the year before the run. */
const ageDays = 400;

export interface Person extends PersonPlan {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  /** Milliseconds since 1970, as all instants in here. */
  readonly joinedAt: number;
}

export interface Team extends TeamPlan {
  readonly id: string;
  readonly createdAt: number;
  /** Who can be given its work, and who comments. */
  readonly responders: readonly Person[];
}

/** Who plays in the demonstration. */
export interface Cast {
  readonly foundedAt: number;
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
  readonly owner: Person;
  readonly robot: Person;
}

/** Gives people and teams their ids and dates: everybody is there a year before `now`. */
export function castOf(random: Random, now: number): Cast {
  const foundedAt = now - ageDays * dayMs;
  const all = people.map((plan, index): Person => {
    const joinedAt =
      foundedAt + (index === 0 ? 0 : random.int(4 * 24, 30 * 24) * hourMs + random.int(0, hourMs));
    const { name } = plan;
    return { ...plan, id: random.idAt(joinedAt), email: emailOf(name), username: usernameOf(name), joinedAt };
  });
  const teams = teamPlans.map((plan, index): Team => {
    const createdAt = foundedAt + (index === 0 ? 0 : random.int(1, 3 * 24) * hourMs + random.int(0, hourMs));
    const responders = all.filter(({ teams, hasLeft, isRobot }) => {
      const role = teams.find(([slug]) => slug === plan.slug)?.[1];
      return (role === 'admin' || role === 'member') && !hasLeft && !isRobot;
    });
    return { ...plan, id: random.idAt(createdAt), createdAt, responders };
  });
  return { foundedAt, people: all, teams, owner: only(all, 'owner'), robot: only(all, 'robot') };
}

function only(all: readonly Person[], who: 'owner' | 'robot'): Person {
  const found = all.find((person) =>
    who === 'owner' ? person.organizationRole === 'owner' : person.isRobot,
  );
  if (found === undefined) {
    throw new Error(`the demonstration has no ${who}`);
  }
  return found;
}

/** The team with this slug, which plans name. */
export function teamOf(cast: Cast, slug: string): Team {
  const team = cast.teams.find((each) => each.slug === slug);
  if (team === undefined) {
    throw new Error(`the demonstration has no team ${slug}`);
  }
  return team;
}
