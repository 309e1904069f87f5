import { type Duration, seconds } from '../duration.ts';
import { about, type Recording, type RecordingCase } from '../recording.ts';
import { availability, latency, type Objective, ratioWindows } from './objectives.ts';

const rates: Readonly<Record<Objective['slo'], string>> = {
  availability: 'brownie:http_errors:rate2m',
  latency: 'brownie:http_slow_requests:rate2m',
};
const requestRate = 'brownie:http_requests:rate2m';

/** The share of bad requests in a window: sums before the division, so that a busy minute weighs what it weighs. */
function ratio({ slo, ratio: name }: Objective, window: Duration): Recording {
  const bad = rates[slo];
  const step = seconds(window) / 10;
  const at = `${step * 25}s`;
  const history = (requests: string): Pick<RecordingCase, 'series' | 'interval' | 'evaluation' | 'at'> => ({
    // Twice the window at one rate of errors, half of it at another: each other window gives another ratio.
    series: { [bad]: '0.2x20 0.6x4', [requestRate]: requests },
    interval: `${step}s`,
    evaluation: `${step}s`,
    at,
  });
  return {
    name: `${name}${window}`,
    expr: `sum_over_time(${bad}[${window}]) / sum_over_time(${requestRate}[${window}])`,
    cases: {
      'half a window of more errors': {
        ...history('10x25'),
        expr: about(`${name}${window}`, 0.0391),
        value: 1,
      },
      'without traffic it is no number': {
        ...history('0x25'),
        series: { [bad]: '0x25', [requestRate]: '0x25' },
        expr: `${name}${window} > bool 0`,
        value: 0,
      },
    },
  };
}

/** What is left of the budget of 30 days: 1 at the start, 0 when it is spent, less than that when we broke the promise. */
function budget({ slo, budget: share, ratio: name }: Objective): Recording {
  return {
    name: `brownie:${slo}_budget_remaining:ratio30d`,
    expr: `1 - ${name}30d / ${share}`,
    cases: {
      'two fifths are spent': {
        series: { [`${name}30d`]: `${share * 0.4}x10` },
        at: '5m',
        expr: `round(brownie:${slo}_budget_remaining:ratio30d * 100)`,
        value: 60,
      },
    },
  };
}

/** Windows up to six hours, which pages look at: computed often. */
export const shortRatios: readonly Recording[] = [availability, latency].flatMap((objective) =>
  ratioWindows.filter((window) => !window.endsWith('d')).map((window) => ratio(objective, window)),
);

/** Windows of days, and the budget: they move slowly and cost more. */
export const longRatios: readonly Recording[] = [availability, latency].flatMap((objective) => [
  ...ratioWindows.filter((window) => window.endsWith('d')).map((window) => ratio(objective, window)),
  budget(objective),
]);
