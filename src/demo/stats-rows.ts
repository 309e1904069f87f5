import type { Cast, Team } from './cast.ts';
import { dayMs, hourMs, iso } from './clock.ts';
import { demoOrganization } from './demo-organization.ts';
import type { IncidentTally, TeamHour } from './incident-tally.ts';
import type { Random } from './random.ts';

interface Metric {
  readonly metric_name: string;
  readonly metric_type: 'gauge' | 'counter';
  readonly time_window: string;
  readonly unit: string;
  readonly description: string;
}

const metrics = {
  opened: {
    metric_name: 'incidents_opened',
    metric_type: 'counter',
    time_window: '1h',
    unit: 'incidents',
    description: 'Incidents created in the hour',
  },
  open: {
    metric_name: 'incidents_open',
    metric_type: 'gauge',
    time_window: '1h',
    unit: 'incidents',
    description: 'Incidents at work at the end of the hour',
  },
  resolution: {
    metric_name: 'mttr_minutes',
    metric_type: 'gauge',
    time_window: '1h',
    unit: 'minutes',
    description: 'Mean time to resolution of late',
  },
  runs: {
    metric_name: 'agent_runs',
    metric_type: 'counter',
    time_window: '1h',
    unit: 'runs',
    description: 'Runs of the agents of the team in the hour',
  },
  success: {
    metric_name: 'agent_success_ratio',
    metric_type: 'gauge',
    time_window: '1h',
    unit: 'ratio',
    description: 'Share of the runs that a person did not have to correct',
  },
  budget: {
    metric_name: 'error_budget_left',
    metric_type: 'gauge',
    time_window: '1d',
    unit: 'ratio',
    description: 'What is left of the error budget of the month',
  },
} as const satisfies Record<string, Metric>;

const days = 30;

/** About 20,000 points of the last 30 days: each team's hours, and its error budget day by day. */
export function* statsRows(random: Random, cast: Cast, tally: IncidentTally, now: number): Generator<object> {
  const to = Math.floor(now / hourMs) * hourMs;
  for (const team of cast.teams) {
    const point = pointOf(random, cast, team);
    for (const { at, ...hour } of tally.hours(team.id, to - days * dayMs, to)) {
      yield* hourRows(random, hour).map(({ metric, value, count }) =>
        point(at + hourMs, metric, value, count),
      );
    }
    let left = 1;
    for (let day = 0; day < days; day += 1) {
      yield point(to - (days - day) * dayMs, metrics.budget, left);
      left = Math.max(0, left - random.logNormal(0.02, 0.9));
    }
  }
}

function hourRows(random: Random, { opened, open, resolutionMinutes }: TeamHour) {
  const runs = opened * 3 + random.int(2, 12);
  const mean =
    resolutionMinutes === null ? [] : [{ metric: metrics.resolution, value: resolutionMinutes, count: 1 }];
  return [
    { metric: metrics.opened, value: opened, count: 1 },
    { metric: metrics.open, value: open, count: 1 },
    { metric: metrics.runs, value: runs, count: 1 },
    { metric: metrics.success, value: 0.8 + 0.2 * random.next(), count: runs },
    ...mean,
  ];
}

const pointOf =
  (random: Random, cast: Cast, team: Team) =>
  (at: number, metric: Metric, value: number, count = 1): object => ({
    org_id: demoOrganization.id,
    id: random.idAt(at),
    team_id: team.id,
    ...metric,
    value: Math.round(value * 1_000) / 1_000,
    count,
    timestamp: iso(at),
    labels: { team: team.slug },
    created_by: cast.robot.id,
    created_at: iso(at),
    updated_at: iso(at),
  });
