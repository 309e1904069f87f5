import type { Duration } from '../duration.ts';
import type { Labels } from '../selectors.ts';

/** A rule as Prometheus reads it. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: Duration;
  readonly keep_firing_for?: Duration;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

export type RuleFile = Readonly<Record<'groups', readonly RuleGroup[]>>;
