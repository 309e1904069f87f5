import { gauge, type Phase, requests } from '../series.ts';
import type { WholeHistory } from './whole-history.ts';

/** A good hour comes first, and another one afterwards: twice as long as any page looks back for what goes on. */
const begins = 60;
const after = 60;
const perMinute = 600;

/** Requests of which a share fails for so many minutes, then another share for so many more; good ones before and after. */
function failing(...shares: readonly (readonly [share: number, minutes: number])[]): Record<string, string> {
  const phases: readonly Phase[] = [[0, begins], ...shares, [0, after]];
  return requests(
    phases.map(([share, minutes]) => [perMinute * (1 - share), minutes]),
    phases.map(([share, minutes]) => [perMinute * share, minutes]),
  );
}

const databaseAway = (minutes: number, environment = 'production'): Record<string, string> => ({
  [`brownie_health_status{job="brownie-api",instance="a:8080",environment="${environment}",dependency="database"}`]:
    gauge([1, begins], [0, minutes], [1, after]),
});
const databaseThere = (environment: string): Record<string, string> => ({
  [`brownie_health_status{job="brownie-api",instance="a:8080",environment="${environment}",dependency="database"}`]:
    gauge([1, 300]),
});
const upIn = (
  environment: string,
  ...phases: readonly (readonly [number, number])[]
): Record<string, string> => ({
  [`up{job="brownie-api",instance="a:8080",environment="${environment}"}`]: gauge(...phases),
});
const up = upIn('production', [1, 300]);

/** An instance that is away for five minutes counts from 0 when it is back. */
const restarted: Record<string, string> = Object.fromEntries(
  Object.keys(failing()).map((series, index) => [
    series,
    index === 0
      ? `0+${perMinute}x${begins - 1} _x5 0+${perMinute}x${after}`
      : `0x${begins - 1} _x5 0x${after}`,
  ]),
);

/** @NOTE a page that comes after the cause is over calls people for nothing, and then the people after them. */
export const outages: Readonly<Record<string, WholeHistory>> = {
  'five minutes without a database': {
    series: { ...up, ...failing([1, 5]), ...databaseAway(5) },
    pages: [
      [0, 60],
      [61, 64, 'DatabaseDown'],
      [65, 120],
    ],
    tickets: { at: 120, names: ['ErrorBudgetBurn'] },
  },
  'twenty minutes without a database': {
    series: { ...up, ...failing([1, 20]), ...databaseAway(20) },
    pages: [
      [0, 60],
      [61, 75, 'DatabaseDown'],
      [76, 79, 'DatabaseDown', 'DatabaseDown level 2'],
      [80, 135],
    ],
  },
  'five minutes without the service': {
    series: { ...upIn('production', [1, begins], [0, 5], [1, after]), ...restarted },
    pages: [
      [0, 60],
      [61, 64, 'APIDown'],
      [65, 120],
    ],
  },
  'half of the requests fail for ten minutes': {
    series: { ...up, ...failing([0.5, 10]), ...databaseThere('production') },
    pages: [
      [0, 62],
      [65, 70, 'HighErrorRate'],
      [82, 125],
    ],
    tickets: { at: 120, names: ['ErrorBudgetBurn'] },
  },
  'one request in thirty fails for an hour': {
    series: { ...up, ...failing([1 / 30, 60]) },
    pages: [
      [0, 73],
      [79, 89, 'ErrorBudgetBurn'],
      [95, 103, 'ErrorBudgetBurn', 'ErrorBudgetBurn level 2'],
      [128, 175],
    ],
  },
  'the database comes back, and one request in ten goes on failing': {
    series: { ...up, ...failing([1, 5], [0.1, 30]), ...databaseAway(5) },
    pages: [
      [61, 64, 'DatabaseDown'],
      [65, 70],
      [75, 86, 'HighErrorRate'],
      [108, 150],
    ],
  },
  'the database comes back, and one request in fifty goes on failing': {
    series: { ...up, ...failing([1, 5], [0.02, 30]), ...databaseAway(5) },
    pages: [
      [61, 64, 'DatabaseDown'],
      [65, 72],
      [78, 86, 'ErrorBudgetBurn'],
      [106, 150],
    ],
  },
  'production loses its database while staging is up': {
    series: {
      ...up,
      ...upIn('staging', [1, 300]),
      ...failing([1, 5]),
      ...databaseAway(5),
      ...databaseThere('staging'),
    },
    pages: [
      [0, 60],
      [61, 64, 'DatabaseDown'],
      [65, 120],
    ],
  },
  'staging is down while production loses its database': {
    series: {
      ...up,
      ...upIn('staging', [1, begins - 10], [0, 60]),
      ...failing([1, 5]),
      ...databaseAway(5),
    },
    pages: [
      [51, 60, 'APIDown in staging'],
      [61, 64, 'APIDown in staging', 'DatabaseDown'],
      [67, 75, 'APIDown in staging', 'APIDown level 2 in staging'],
    ],
  },
};
