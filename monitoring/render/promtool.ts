import type { Labels } from '../selectors.ts';
import { groupOrder } from './rules.ts';

/** What fires under a name at an instant. */
export interface AlertExpectation {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Labels; readonly exp_annotations: Labels }[];
}

/** The value of an expression at an instant. */
export interface ValueExpectation {
  readonly eval_time: string;
  readonly expr: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** One test of a file, as promtool reads it. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly AlertExpectation[];
  readonly promql_expr_test?: readonly ValueExpectation[];
}

/** A file for `promtool test rules`. */
export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly group_eval_order: readonly string[];
  readonly tests: readonly PromtoolTest[];
}

export const testFile = (
  ruleFiles: readonly string[],
  interval: string,
  tests: readonly PromtoolTest[],
): TestFile => ({
  rule_files: ruleFiles,
  evaluation_interval: interval,
  group_eval_order: groupOrder,
  tests,
});
