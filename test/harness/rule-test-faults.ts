import { seconds } from '../../monitoring/duration.ts';
import { metricsOf, nodesOf, parsePromql } from '../../monitoring/promql.ts';
import type { TestFile } from '../../monitoring/render/promtool.ts';
import type { RuleFile } from '../../monitoring/render/rule-file.ts';

/** What `promtool test rules` passes over; each is a sentence. */
export interface Tested {
  readonly test: TestFile;
  /** The rules, by the pattern in the test that names their file; undefined where it matches none. */
  readonly rules: ReadonlyMap<string, RuleFile | undefined>;
}

/** Between two samples of a series Prometheus looks back for so long; half of it outlives one evaluation that is missed. */
const intervalSecondsMax = 150;

/**
 * Faults that promtool has no word for (2.42): a test that expects nothing of an alert that no rule has passes, so does one
 * whose files are missed by their pattern, and every group is evaluated at the interval of the test, whatever its own is.
 */
export function ruleTestFaults({ test, rules }: Tested): string[] {
  const groups = [...rules.values()].flatMap((file) => file?.groups ?? []);
  const all = groups.flatMap((group) => group.rules);
  const alerts = new Set(all.map(({ alert }) => alert));
  const recorded = new Set(all.map(({ record }) => record));
  const expected = test.tests.flatMap(({ alert_rule_test: expectations = [] }) =>
    expectations.map(({ alertname }) => alertname),
  );
  const asked = test.tests.flatMap(({ promql_expr_test: expectations = [] }) =>
    expectations.map(({ expr }) => expr),
  );
  const named = asked.flatMap((expr) =>
    [...expr.matchAll(/\balertname="(\w+)"/g)].map(([, name = '']) => name),
  );
  const order = new Set(test.group_eval_order);
  return [
    ...[...rules].filter(([, file]) => file === undefined).map(([pattern]) => `no file matches ${pattern}`),
    ...unique([...expected, ...named])
      .filter((name) => !alerts.has(name))
      .map((name) => `no rule has the alert ${name}`),
    ...unique(asked.flatMap(metricsOf))
      .filter((name) => name !== 'ALERTS' && !recorded.has(name))
      .map((name) => `no rule records ${name}`),
    ...groups
      .filter(({ name }) => !order.has(name))
      .map(({ name }) => `the group ${name} has no place in the order`),
    ...groups.flatMap(({ name, interval = '15s' }) =>
      seconds(interval) > intervalSecondsMax
        ? [`the group ${name} is evaluated every ${interval}, too seldom`]
        : [],
    ),
    ...narrowWindows(groups),
  ];
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Windows over a recorded series that hold less than two of its samples, at the interval of the group that records it. */
function narrowWindows(groups: RuleFile['groups']): string[] {
  const intervals = new Map(
    groups.flatMap(({ interval = '15s', rules }) =>
      rules.map(({ record = '' }) => [record, seconds(interval)]),
    ),
  );
  return groups.flatMap(({ rules }) =>
    rules.flatMap(({ expr }) =>
      nodesOf(parsePromql(expr), 'MatrixSelector').flatMap((selector) => {
        const text = ({ from, to }: { from: number; to: number }): string => expr.slice(from, to);
        const [series = ''] = nodesOf(selector, 'Identifier').map(text);
        const [window = '0s'] = nodesOf(selector, 'DurationExpr').map(text);
        return seconds(window) < 2 * (intervals.get(series) ?? 0)
          ? [`${text(selector)} is narrower than two evaluations of its group`]
          : [];
      }),
    ),
  );
}
