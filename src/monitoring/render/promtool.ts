import { groupOrder } from './rules.ts';

/** One test of a file, as promtool reads it. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly object[];
  readonly promql_expr_test?: readonly object[];
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
