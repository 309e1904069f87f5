import type { Cast, Team } from './cast.ts';
import { dayMs } from './clock.ts';
import { live } from './incident-life.ts';
import { incidentMoments } from './incident-moments.ts';
import { IncidentStory } from './incident-story.ts';
import type { Random, Weighted } from './random.ts';
import { fill, type Symptom, symptoms } from './symptoms.ts';
import { regions } from './teams.ts';

/** What is wrong, where: the incidents of a burst share it. */
interface Subject {
  readonly team: Team;
  readonly symptom: Symptom;
  readonly service: string;
  readonly region: string;
}

const sources: Weighted<string> = [
  [6, 'prometheus'],
  [2, 'synthetic-probe'],
  [1, 'log-alert'],
];

/** Tells incidents one after the other, oldest first, over the year up to `now`. Nothing in them lies after `now`. */
export function* incidentStories(
  random: Random,
  cast: Cast,
  { count, now }: { readonly count: number; readonly now: number },
): Generator<IncidentStory> {
  const bursts = new Map<number, Subject>();
  for (const { at, burst } of incidentMoments(random, { count, from: now - 365 * dayMs, to: now })) {
    let subject = newSubject(random, cast);
    if (burst !== null && random.chance(0.85)) {
      subject = bursts.get(burst) ?? subject;
      bursts.set(burst, subject);
    }
    yield tell(random, { cast, subject, at, now });
  }
}

function newSubject(random: Random, { teams }: Cast): Subject {
  const team = random.weighted(teams.map((each) => [each.weight, each] as const));
  return {
    team,
    symptom: random.weighted(symptoms),
    service: random.pick(team.services),
    region: random.pick(regions),
  };
}

function tell(
  random: Random,
  { cast, subject, at, now }: { cast: Cast; subject: Subject; at: number; now: number },
): IncidentStory {
  const { team, symptom, service, region } = subject;
  const details = {
    service,
    region,
    percent: random.int(2, 94),
    minutes: random.int(3, 55),
    count: random.int(3, 900),
    version: `${random.int(1, 9)}.${random.int(0, 40)}.${random.int(0, 9)}`,
  };
  const isReported = symptom.tags.includes('customer-report') || random.chance(0.12);
  const reporter = isReported ? random.pick(team.responders) : cast.robot;
  const source = isReported ? 'person' : random.weighted(sources);
  const draft = {
    teamId: team.id,
    title: fill(symptom.title, details),
    description: fill(symptom.description, details),
    priority: random.weighted(symptom.priorities),
    tags: [...symptom.tags, service],
    metadata: { service, region, source, runbook: `https://runbooks.demo.example/${service}` },
    idempotencyKey: isReported ? null : `${source}:${random.hex(16)}`,
  };
  const story = new IncidentStory(random, draft, reporter.id, at);
  live(random, story, { team, details, now });
  return story;
}
