import {
  type AlertCase,
  type AlertCases,
  type Firing,
  fires,
  type History,
  quiet,
  quietWithoutData,
} from '../alert-case.ts';
import type { Duration } from '../duration.ts';
import { histogram, type Phase, requests } from '../series.ts';
import { availability, burnRates, latency, type Objective } from './objectives.ts';

/** A history of burn rates, each for so many minutes, at 1,000 requests a minute. */
type Burns = (...phases: readonly Phase[]) => History;
/** A history of good and bad requests a minute, with the same minutes in both. */
type Traffic = (good: readonly Phase[], bad: readonly Phase[]) => History;

const evaluation = (phases: readonly Phase[]): Duration => {
  const minutes = phases.reduce((sum, [, length]) => sum + length, 0);
  return minutes > 900 ? '5m' : '1m';
};

const failing: Traffic = (good, bad) => ({ series: requests(good, bad), evaluation: evaluation(bad) });
const slow: Traffic = (good, bad) => ({
  series: histogram('http_request_duration_seconds', { 1: good, 2: bad }),
  evaluation: evaluation(bad),
});
/** Slow requests are requests: the ratio of both counts divides by their number. */
const slowAndCounted: Traffic = (good, bad) => {
  const all = good.map(([perMinute, minutes], phase): Phase => [perMinute + (bad[phase]?.[0] ?? 0), minutes]);
  return {
    ...slow(good, bad),
    series: {
      ...slow(good, bad).series,
      ...requests(
        all,
        all.map(([, m]) => [0, m]),
      ),
    },
  };
};

const burning =
  (traffic: Traffic, { budget }: Objective): Burns =>
  (...phases) =>
    traffic(
      phases.map(([burn, minutes]) => [1000 * (1 - burn * budget), minutes]),
      phases.map(([burn, minutes]) => [1000 * burn * budget, minutes]),
    );

const firing = (...windows: readonly Duration[]): Firing[] =>
  windows.map((window) => ({ rule: burnRates.findIndex(({ long }) => long === window) }));

const at = (minutes: number, history: History, ...windows: readonly Duration[]): AlertCase => ({
  ...history,
  at: `${minutes}m`,
  firing: firing(...windows),
});

/** For each pair of windows: just above, just below in the short one, just below in the long one. */
function thresholds(burns: Burns): Record<string, AlertCase> {
  const hour = 60;
  const day = 1440;
  return {
    'just above 14.4 times': at(90, burns([15.5, 100]), '1h', '6h', '1d', '3d'),
    'below 14.4 times for the last 5 minutes': at(60, burns([40, 50], [13, 20]), '1d', '3d'),
    'below 14.4 times over the hour': at(78, burns([0, hour], [45, 20]), '6h'),
    'just above 6 times': at(90, burns([6.5, 100]), '6h', '1d', '3d'),
    'below 6 times for the last 30 minutes': at(335, burns([13, 300], [5.4, 45]), '1d', '3d'),
    'below 6 times over six hours': at(500, burns([0, 6 * hour], [14, 150]), '1d', '3d'),
    'just above 3 times': at(90, burns([3.3, 100]), '1d', '3d'),
    'below 3 times for the last two hours': at(730, burns([20, 600], [2.7, 140]), '3d'),
    'below 3 times over the day': at(36 * hour, burns([0, day], [5.5, 13 * hour]), '3d'),
    'just above the budget': at(90, burns([1.1, 100]), '3d'),
    'below the budget for the last six hours': at(day + 380, burns([2.5, day], [0.9, 400])),
    'below the budget over three days': at(4 * day, burns([0, 3 * day], [2.7, day + 10])),
  };
}

/** Every request is bad, and there are few of them: the least counts decide. */
function counts(traffic: Traffic): Record<string, AlertCase> {
  const each = (perMinute: number, minutes: number): History =>
    traffic([[0, minutes]], [[perMinute, minutes]]);
  return {
    '9.5 an hour': at(90, each(9.5 / 60, 100), '6h', '1d', '3d'),
    '11 an hour': at(90, each(11 / 60, 100), '1h', '6h', '1d', '3d'),
    '9.5 in six hours': at(450, each(9.5 / 360, 460), '1d', '3d'),
    '11 in six hours': at(450, each(11 / 360, 460), '6h', '1d', '3d'),
    '4.5 a day': at(1830, each(4.5 / 1440, 1840), '3d'),
    '5.5 a day': at(1830, each(5.5 / 1440, 1840), '1d', '3d'),
    '4.5 in three days': at(5430, each(4.5 / 4320, 5440)),
    '5.5 in three days': at(4830, each(5.5 / 4320, 4840), '3d'),
  };
}

const hourly = (hours: number, first: number): Phase[] =>
  Array.from({ length: hours }, (_, hour) => hour).flatMap((hour): Phase[] => [
    [0, 59],
    [hour >= first ? 1 : 0, 1],
  ]);

/** One request an hour, on the hour. */
function quietNights(traffic: Traffic): Record<string, AlertCase> {
  const none = hourly(80, 80);
  const one = hourly(80, 40).map(([count, minutes], index): Phase => [index === 81 ? count : 0, minutes]);
  const rest = hourly(80, 0).map(([count, minutes], index): Phase => [index === 81 ? 0 : count, minutes]);
  return {
    'one bad request at one an hour': {
      ...quiet('41h', traffic(rest, one)),
      at: ['41h', '41h5m', '42h', '47h', '65h', '79h'],
    },
    'all bad at one an hour': at(510, traffic(none, hourly(80, 0)), '1d', '3d'),
  };
}

/** What a louder page has told of pages no more, until its windows have forgotten it. */
function toldOf({ alert, louder }: Objective, burns: Burns): Record<string, AlertCase> {
  const beside = (burn: number, labels: string, values: string): History => {
    const history = burns([burn, 130]);
    return {
      ...history,
      series: { ...history.series, [`ALERTS{alertstate="firing",severity="critical",${labels}}`]: values },
    };
  };
  const cause = `alertname="${louder}"`;
  const hour = `alertname="${alert}",long_window="1h"`;
  const foreign = `alertname="${alert === latency.alert ? availability.alert : latency.alert}",long_window="1h"`;
  return {
    'while a louder one fires': at(60, beside(15.5, cause, '1x130'), '1d', '3d'),
    'until 8 minutes after it': at(67, beside(15.5, cause, '1x60'), '1d', '3d'),
    'and from then on': at(72, beside(15.5, cause, '1x60'), '1h', '1d', '3d'),
    'the slower one until 33 minutes after it': at(61, beside(6.5, cause, '1x30'), '1d', '3d'),
    'and from then on, too': at(68, beside(6.5, cause, '1x30'), '6h', '1d', '3d'),
    'the page of an hour tells of six hours, too': at(61, beside(6.5, hour, '1x30'), '1d', '3d'),
    'and no longer': at(68, beside(6.5, hour, '1x30'), '6h', '1d', '3d'),
    'that of another objective tells nothing': at(61, beside(6.5, foreign, '1x30'), '6h', '1d', '3d'),
    'nor does that of another environment': at(
      61,
      beside(6.5, `${hour},environment="staging"`, '1x30'),
      '6h',
      '1d',
      '3d',
    ),
    'nor a ticket that is over': at(
      61,
      beside(6.5, `alertname="${alert}",long_window="1d"`, '1x30'),
      '6h',
      '1d',
      '3d',
    ),
  };
}

function casesOf(traffic: Traffic, objective: Objective, value: string): AlertCases {
  const burns = burning(traffic, objective);
  const once = burns([15.5, 90], [0, 400]);
  const values = [0, 1, 2, 3].map((rule) => ({ rule, value }));
  return {
    fires: fires('90m', burns([15.5, 100]), { value }, ...values.slice(1)),
    quietJustBelow: quiet('10h', burns([0.95, 700])),
    quietBeforeFor: at(2, burns([15.5, 100])),
    resolves: quiet('460m', once),
    noData: quietWithoutData,
    noTraffic: quiet('10h', traffic([[0, 700]], [[0, 700]])),
    more: {
      'the page ends 5 minutes after its cause': at(96, once, '1d', '3d'),
      'a page waits for two minutes': at(4, burns([15.5, 100]), '1h', '6h'),
      'the slower page, too': at(4, burns([6.5, 100]), '6h'),
      ...toldOf(objective, burns),
      ...thresholds(burns),
      ...counts(traffic),
      ...quietNights(traffic),
      'twice the budget, after a clean day, within two days': at(2900, burns([0, 1440], [2, 1500]), '3d'),
    },
  };
}

const availabilityKinds = casesOf(failing, availability, '1.55%');

export const availabilityCases: AlertCases = {
  ...availabilityKinds,
  more: {
    ...availabilityKinds.more,
    'everything fails after six good hours: HighErrorRate tells of it': at(
      364,
      failing(
        [
          [1000, 360],
          [0, 10],
        ],
        [
          [0, 360],
          [1000, 10],
        ],
      ),
    ),
    'one request in 25 fails after six good hours': at(
      390,
      burning(failing, availability)([0, 360], [40, 40]),
      '1h',
    ),
  },
};

export const latencyCases: AlertCases = casesOf(slowAndCounted, latency, '15.5%');
