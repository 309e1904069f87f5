import type { Patterns } from './patterns.ts';

/** What an alert must be for a configuration to hold: each is a pattern. */
export interface AlertMatch {
  readonly name?: string;
  readonly severity?: string;
  readonly team?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alert that an agent is at work on. */
export interface Alert {
  readonly name?: string;
  readonly severity?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Every pattern of a match, with the pointer to it in a body. */
export const patternsOf = ({ labels = {}, ...fields }: AlertMatch): [pointer: string, pattern: string][] => [
  ...Object.entries(fields).map(([name, pattern]): [string, string] => [`/match/${name}`, pattern]),
  ...Object.entries(labels).map(([name, pattern]): [string, string] => [
    `/match/labels/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    pattern,
  ]),
];

/**
 * Why a match does not hold, in words; undefined where it does. Something that the alert does not say is the empty text, as labels are to Prometheus.
 * @param team the slug of the team that it is resolved for, if any
 */
export function whyNot(
  match: AlertMatch,
  alert: Alert,
  team: string | undefined,
  patterns: Patterns,
): string | undefined {
  const asked: [what: string, pattern: string | undefined, text: string | undefined][] = [
    ['severity', match.severity, alert.severity],
    ['team', match.team, team],
    ['name', match.name, alert.name],
  ];
  for (const [name, pattern] of Object.entries(match.labels ?? {})) {
    asked.push([`label ${name}`, pattern, ownText(alert.labels, name)]);
  }
  const [what, pattern] =
    asked.find(([, each, text = '']) => each !== undefined && !patterns.matches(each, text)) ?? [];
  return what === undefined ? undefined : `the ${what} does not match ${pattern}`;
}

const ownText = (labels: Readonly<Record<string, string>> | undefined, name: string): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, name) ? labels[name] : undefined;
