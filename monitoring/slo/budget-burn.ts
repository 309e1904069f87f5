import { type Alert, type AlertRule, explainedByOutage, outages } from '../alert.ts';
import { unlessFired } from '../selectors.ts';
import { availabilityCases, latencyCases } from './budget-burn-cases.ts';
import { availability, type BurnRate, burnRates, latency, type Objective } from './objectives.ts';

/** The least count of bad requests: recorded for hours, summed up from those for days. */
function atLeast({ count }: Objective, { long, badMin }: BurnRate): string {
  const increase = long.endsWith('h') ? `${count}${long}` : `sum_over_time(${count}1h[${long}:1h])`;
  return `${increase} >= ${badMin}`;
}

/**
 * A page is about what goes on. What a louder page has told of is seen by the short window for as long after it, and for three minutes
 * more: its rates are of two minutes, and Prometheus hears of the end within one. A ticket is about the budget, whoever has spent it.
 */
function unlessToldOf({ alert, louder }: Objective, { long, memory }: BurnRate): string[] {
  if (memory === undefined) {
    return [];
  }
  const fast = `ALERTS{alertname="${alert}",alertstate="firing",long_window="1h"}`;
  const ended = `unless on (environment) (max_over_time(${fast}[${memory}]) unless ${fast})`;
  return [unlessFired([...outages, louder], memory), ...(long === '1h' ? [] : [ended])];
}

function burnRule(objective: Objective, burn: BurnRate): AlertRule {
  const over = (window: string): string => `${objective.ratio}${window} > ${burn.rate} * ${objective.budget}`;
  return {
    expr: [
      over(burn.long),
      `and ${over(burn.short)}`,
      `and ${atLeast(objective, burn)}`,
      ...unlessToldOf(objective, burn),
    ].join('\n'),
    ...(burn.for === undefined ? {} : { for: burn.for }),
    severity: burn.severity,
    labels: { long_window: burn.long, short_window: burn.short },
  };
}

function burnRules(objective: Objective): Alert['rules'] {
  const [first, ...others] = burnRates;
  return [burnRule(objective, first), ...others.map((burn) => burnRule(objective, burn))];
}

const spentTooFast = (what: string): Alert['condition'] => ({
  critical: `the month's budget of ${what} is spent 14.4 times too fast for an hour, or 6 times for six hours`,
  warning: `that budget is spent 3 times too fast for a day, or at all for three days`,
});

const why =
  'Four windows after the Site Reliability Workbook. Critical: 14.4 times the allowed rate for an hour (2 % of the budget of 30 ' +
  'days), 6 times for six hours (5 %). Warning: 3 times for a day, once for three days (10 %). Each also in a window of a ' +
  'twelfth, so that it ends soon after its cause. A least count of bad requests (10 for a page, 5 for a ticket) keeps one error ' +
  'in a quiet night from being a trend. A page waits for two minutes more, so that the alert of the cause comes first: while that ' +
  'one fires, and until the short window has forgotten it, nobody is paged for the same requests again. So pages end with the ' +
  'outage, and what it cost is a ticket.';

/** 4.9 % of errors never reach HighErrorRate, and would spend the month's budget in 15 hours. */
export const errorBudgetBurn: Alert = {
  name: availability.alert,
  team: 'oncall',
  slo: 'availability',
  summary: 'The error budget is being spent too fast',
  condition: spentTooFast('errors'),
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
  inhibitedBy: [...explainedByOutage, { by: availability.louder }],
  cases: availabilityCases,
};

export const latencyBudgetBurn: Alert = {
  name: latency.alert,
  team: 'oncall',
  slo: 'latency',
  summary: 'Too many requests are slow',
  condition: spentTooFast('slow requests'),
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
  inhibitedBy: [...explainedByOutage, { by: latency.louder }],
  cases: latencyCases,
};
