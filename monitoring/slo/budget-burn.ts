import { type Alert, type AlertRule, explainedByOutage } from '../alert.ts';
import { availabilityCases, latencyCases } from './budget-burn-cases.ts';
import { availability, type BurnRate, burnRates, latency, type Objective } from './objectives.ts';

/** The least count of bad requests: recorded for hours, summed up from those for days. */
function atLeast({ count }: Objective, { long, badMin }: BurnRate): string {
  const increase = long.endsWith('h') ? `${count}${long}` : `sum_over_time(${count}1h[${long}:1h])`;
  return `${increase} >= ${badMin}`;
}

function burnRule(objective: Objective, burn: BurnRate): AlertRule {
  const over = (window: string): string => `${objective.ratio}${window} > ${burn.rate} * ${objective.budget}`;
  return {
    expr: [over(burn.long), `and ${over(burn.short)}`, `and ${atLeast(objective, burn)}`].join('\n'),
    severity: burn.severity,
    labels: { long_window: burn.long, short_window: burn.short },
  };
}

function burnRules(objective: Objective): Alert['rules'] {
  const [first, ...others] = burnRates;
  return [burnRule(objective, first), ...others.map((burn) => burnRule(objective, burn))];
}

const why =
  'Four windows after the Site Reliability Workbook. Critical: 14.4 times the allowed rate for an hour (2 % of the budget of 30 ' +
  'days), 6 times for six hours (5 %). Warning: 3 times for a day, once for three days (10 %). Each also in a window of a ' +
  'twelfth, so that it ends soon after its cause. A least count of bad requests (10 for a page, 5 for a ticket) keeps one error ' +
  'in a quiet night from being a trend. There is no `for`: the long window is the wait.';

/** 4.9 % of errors never reach HighErrorRate, and would spend the month's budget in 15 hours. */
export const errorBudgetBurn: Alert = {
  name: 'ErrorBudgetBurn',
  team: 'oncall',
  slo: 'availability',
  summary: 'The error budget is being spent too fast',
  description:
    '{{ $value | humanizePercentage }} of the requests of the last {{ $labels.long_window }} failed; 0.1% may.',
  why: `${why} Probes, unknown paths, 501 and the 503s of draining and maintenance do not count.`,
  nextSteps: [
    'See on the dashboard when it began, and what changed then',
    'See which endpoints and instances fail',
    'Read the errors in the log by request_id; go back to the version before if a deployment began it',
  ],
  dashboard: 'slo',
  rules: burnRules(availability),
  inhibitedBy: [...explainedByOutage, { by: 'HighErrorRate' }],
  cases: availabilityCases,
};

export const latencyBudgetBurn: Alert = {
  name: 'LatencyBudgetBurn',
  team: 'oncall',
  slo: 'latency',
  summary: 'Too many requests are slow',
  description:
    '{{ $value | humanizePercentage }} of the requests of the last {{ $labels.long_window }} took longer than a second; 1% may.',
  why: `${why} The objective: 99 % of requests within a second (an edge of the histogram). Probes and unknown paths do not count.`,
  nextSteps: [
    'See on the dashboard when it began, and what changed then',
    'Compare waits for a connection with event loop lag: they say where the time goes',
    'Look for long statements and locks in pg_stat_activity',
  ],
  dashboard: 'slo',
  rules: burnRules(latency),
  inhibitedBy: [...explainedByOutage, { by: 'HighResponseTime' }],
  cases: latencyCases,
};
