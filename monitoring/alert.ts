import type { Team } from '../src/operations/incident-log/on-call-policy.ts';
import type { AlertCases } from './alert-case.ts';
import type { Duration } from './duration.ts';
import type { Labels } from './selectors.ts';

/** `critical` pages at any hour, `warning` waits for the working day, `none` is for machines. */
export type Severity = 'critical' | 'warning' | 'none';

export type DashboardId = 'overview' | 'tenants' | 'database' | 'authentication' | 'slo';

/** One condition of an alert. */
export interface AlertRule {
  readonly expr: string;
  readonly severity: Severity;
  readonly for?: Duration;
  readonly keepFiringFor?: Duration;
  /** Beside severity, team and slo; what tells the rules of one alert apart. */
  readonly labels?: Labels;
}

/** That an alert is not told of while another one fires which explains it. */
export interface Inhibition {
  readonly by: string;
  /** Labels that must be the same on both, beside the environment. */
  readonly equal?: readonly string[];
}

/** An alert with all that a person needs to know of it, and the proof that it works. Its name is part of the interface. */
export interface Alert {
  readonly name: string;
  readonly team: Team;
  /** The objective that it guards. */
  readonly slo?: 'availability' | 'latency';
  /** One line for a telephone at night. */
  readonly summary: string;
  /** When it fires, in a few words; by severity where there are several. */
  readonly condition: string | Partial<Readonly<Record<Severity, string>>>;
  /** With `{{ $value | … }}` and `{{ $labels.… }}`. */
  readonly description: string;
  /** Why this condition, this threshold and this wait. */
  readonly why: string;
  /** What to do first, in this order. */
  readonly nextSteps: readonly [string, ...string[]];
  readonly dashboard: DashboardId;
  /** Several where one name has several windows. */
  readonly rules: readonly [AlertRule, ...AlertRule[]];
  readonly inhibitedBy?: readonly Inhibition[];
  readonly cases: AlertCases;
}

/** Names of alerts that explain almost anything else: with the service or its database gone, the rest is noise. */
export const outages = ['APIDown', 'DatabaseDown'] as const;

export const explainedByOutage: readonly Inhibition[] = outages.map((by) => ({ by }));
