import type { Team } from './cast.ts';
import { minuteMs } from './clock.ts';
import type { IncidentStory } from './incident-story.ts';
import type { Random, Weighted } from './random.ts';
import { remarks } from './remarks.ts';
import { fill, type Priority } from './symptoms.ts';

export interface LifeOptions {
  /** Whose people work on it. */
  readonly team: Team;
  /** What comments can mention; see `fill`. */
  readonly details: Readonly<Record<string, string | number>>;
  /** Milliseconds since 1970: nothing happens later. */
  readonly now: number;
}

type Ending = 'closed' | 'resolved' | 'cancelled' | 'in_progress' | 'open';

/** Minutes until somebody responds, and until it is resolved: half of the cases are faster. */
const medians: Readonly<Record<Priority, readonly [response: number, resolution: number]>> = {
  critical: [4, 55],
  high: [12, 160],
  medium: [45, 540],
  low: [220, 2_600],
};
const closingMedian = 2 * 24 * 60;

const endings: Weighted<Ending> = [
  [84, 'closed'],
  [9, 'resolved'],
  [6, 'cancelled'],
  [0.6, 'in_progress'],
  [0.4, 'open'],
];

/** Lets people work on an incident that was just created, as far as they have come by now. */
export function live(random: Random, story: IncidentStory, options: LifeOptions): void {
  const { responders } = options.team;
  const [response, resolution] = medians[story.row.priority];
  const ending = endingOf(random, story.row.priority);
  const anybody = (): string => random.pick(responders).id;
  const holder = (): string => story.row.assigned_to ?? anybody();
  const after = clock(random, Date.parse(story.row.created_at), options.now);
  const remark = (stage: keyof typeof remarks): string =>
    fill(random.pick<string>(remarks[stage]), options.details);
  const resolve = (): void => {
    after(resolution, (at) => story.comment(holder(), at, remark('resolved')));
    after(1, (at) => story.move(holder(), at, 'resolved'));
  };

  if (ending === 'open') {
    return;
  }
  const responder = anybody();
  after(response, (at) => story.assign(responder, at, responder));
  if (ending === 'cancelled') {
    after(response, (at) => story.comment(holder(), at, remark('cancelled')));
    after(1, (at) => story.move(holder(), at, 'cancelled'));
    return;
  }
  after(2, (at) => story.move(holder(), at, 'in_progress'));
  if (random.chance(0.6)) {
    after(5, (at) => story.comment(holder(), at, remark('investigating')));
  }
  if (random.chance(0.12)) {
    const others = responders.filter(({ id }) => id !== responder);
    after(20, (at) => story.assign(responder, at, random.pick(others).id));
  }
  if (random.chance(0.3)) {
    after(15, (at) => story.comment(anybody(), at, remark('mitigating')));
  }
  if (ending === 'in_progress') {
    return;
  }
  resolve();
  if (random.chance(0.03)) {
    after(120, (at) => story.move(holder(), at, 'in_progress'));
    resolve();
  }
  if (ending === 'closed') {
    after(closingMedian, (at) => story.move(holder(), at, 'closed'));
  }
}

/** @NOTE only what can wait is left lying. */
function endingOf(random: Random, priority: Priority): Ending {
  const ending = random.weighted(endings);
  const isLeft = ending === 'open' || ending === 'in_progress';
  return isLeft && (priority === 'high' || priority === 'critical') ? 'closed' : ending;
}

/** Does one step after the other, each some time after the last; once one lies in the future nothing more happens. */
function clock(random: Random, start: number, now: number) {
  let at = start;
  return (medianMinutes: number, step: (at: number) => void): void => {
    at += Math.floor(Math.max(1, random.logNormal(medianMinutes, 0.9)) * minuteMs);
    if (at <= now) {
      step(at);
    }
  };
}
