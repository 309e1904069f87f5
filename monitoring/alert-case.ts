import type { Duration } from './duration.ts';
import type { Labels } from './selectors.ts';

/** What a case of any kind is fed with. */
export interface History {
  /** Series of production, and their values as promtool writes them: see series.ts. */
  readonly series: Readonly<Record<string, string>>;
  /** Where there is no other environment; else a healthy one is beside it. */
  readonly isAlone?: true;
  /** Between two values of a series; a minute where nothing is said. */
  readonly interval?: Duration;
  /** Between two evaluations of the rules; 15 seconds where nothing is said. Long histories want a long one. */
  readonly evaluation?: Duration;
}

/** An alert that is expected to fire. */
export interface Firing {
  /** Which rule of the alert; the first where nothing is said. */
  readonly rule?: number;
  /** Labels that come from the series, beside that of production; empty where there is none. */
  readonly labels?: Labels;
  /** What the description shows in the place of `{{ $value | … }}`. */
  readonly value?: string;
}

/** A history, an instant in it, and what fires then: `promtool test rules` runs it. */
export interface AlertCase extends History {
  readonly at: string | readonly string[];
  /** Nothing, where empty. */
  readonly firing: readonly Firing[];
}

/** Why a kind of case makes no sense for an alert. */
export interface NotApplicable {
  readonly because: string;
}

/** What every alert shows, or says why it cannot. */
export interface AlertCases {
  readonly fires: AlertCase;
  readonly quietJustBelow: AlertCase | NotApplicable;
  readonly quietBeforeFor: AlertCase | NotApplicable;
  readonly resolves: AlertCase | NotApplicable;
  /** Not one series of the service. */
  readonly noData: AlertCase;
  /** The service is up and nobody calls it. */
  readonly noTraffic: AlertCase;
  /** What else shows that each number in the rule is needed, by what it shows. */
  readonly more?: Readonly<Record<string, AlertCase>>;
}

export const fires = (
  at: string,
  history: History,
  ...firing: readonly [Firing, ...Firing[]]
): AlertCase => ({
  ...history,
  at,
  firing,
});

export const quiet = (at: string, history: History): AlertCase => ({ ...history, at, firing: [] });

/** The case `noData` of an alert that needs data to fire. */
export const quietWithoutData = quiet('1h', { series: {} });

/** The cases of an alert, by what they show; those that are not applicable are left out. */
export function casesOf(cases: AlertCases): ReadonlyMap<string, AlertCase> {
  const { more, ...kinds } = cases;
  const all = [...Object.entries(kinds), ...Object.entries(more ?? {})];
  return new Map(
    all.flatMap(([name, entry]) =>
      entry === undefined || 'because' in entry ? [] : [[name, entry] as const],
    ),
  );
}
