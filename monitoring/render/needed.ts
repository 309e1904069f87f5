import type { Alert } from '../alert.ts';
import { alerts, recordingGroups } from '../catalogue.ts';
import { metricsOf, nodesOf, parsePromql } from '../promql.ts';
import type { Recording } from '../recording.ts';

const recordings: readonly Recording[] = recordingGroups.flatMap((group) => [...group.recordings]);

/** The recordings that expressions read, and those that these read in turn. */
export function recordingsFor(exprs: readonly string[]): readonly Recording[] {
  const wanted = new Set(exprs.flatMap(metricsOf));
  const found = recordings.filter(({ name }) => wanted.has(name));
  const deeper = found.flatMap(({ expr }) => metricsOf(expr)).filter((name) => !wanted.has(name));
  return deeper.length === 0 ? found : recordingsFor([...exprs, ...found.map(({ expr }) => expr)]);
}

/** The names of the alerts that an expression asks for whether they fire: `ALERTS{alertname=~"APIDown|DatabaseDown"}`. */
const alertsAsked = (expr: string): string[] =>
  nodesOf(parsePromql(expr), 'VectorSelector')
    .map(({ from, to }) => expr.slice(from, to))
    .filter((selector) => selector.startsWith('ALERTS{'))
    .flatMap((selector) => /\balertname=~?"([^"]*)"/.exec(selector)?.[1]?.split('|') ?? []);

/** The alerts that expressions ask for, and those that these ask for in turn. */
export function alertsFor(exprs: readonly string[]): readonly Alert[] {
  const wanted = new Set(exprs.flatMap(alertsAsked));
  const found = alerts.filter(({ name }) => wanted.has(name));
  const deeper = found.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  return deeper.flatMap(alertsAsked).every((name) => wanted.has(name))
    ? found
    : alertsFor([...exprs, ...deeper]);
}
