import type { Alert } from '../alert.ts';
import { type AlertCase, casesOf, type Firing, type History } from '../alert-case.ts';
import { seconds } from '../duration.ts';
import { metricsOf } from '../promql.ts';
import type { Recording } from '../recording.ts';
import { environmentLabel, type Labels } from '../selectors.ts';
import { recordingsFor } from './needed.ts';
import { inProduction, noise } from './noise.ts';
import { type PromtoolTest, type TestFile, testFile } from './promtool.ts';
import type { Rule } from './rule-file.ts';

/** Test files of one evaluation interval each, by the interval: what rules say in each of these cases. */
function files(
  entries: readonly { readonly history: History; readonly test: PromtoolTest }[],
  ruleFiles: readonly string[],
): ReadonlyMap<string, TestFile> {
  const byInterval = Map.groupBy(entries, ({ history }) => history.evaluation ?? '15s');
  return new Map(
    [...byInterval].map(([interval, tests]) => [
      interval,
      testFile(
        ruleFiles,
        interval,
        tests.map(({ test }) => test),
      ),
    ]),
  );
}

function inputs(
  history: History,
  until: string,
  metrics: ReadonlySet<string>,
): Pick<PromtoolTest, 'interval' | 'input_series'> {
  const interval = history.interval ?? '1m';
  const steps = Math.ceil(seconds(until) / seconds(interval)) + 1;
  const own = Object.entries(history.series).map(([name, values]) => [inProduction(name), values] as const);
  const beside = noise(metrics, steps, { hasOwn: own.length > 0, isAlone: history.isAlone ?? false });
  return {
    interval,
    input_series: [...Object.entries(beside), ...own].map(([series, values]) => ({ series, values })),
  };
}

const latest = (at: AlertCase['at']): string =>
  typeof at === 'string' ? at : (at.toSorted((a, b) => seconds(a) - seconds(b)).at(-1) ?? '0s');

/** The tests of an alert. `rules` are its own, in the order of the catalogue. */
export function alertTests(
  alert: Alert,
  rules: readonly Rule[],
  ruleFiles: readonly string[],
): ReadonlyMap<string, TestFile> {
  const exprs = rules.map(({ expr }) => expr);
  const metrics = new Set([...exprs, ...recordingsFor(exprs).map(({ expr }) => expr)].flatMap(metricsOf));
  const entries = [...casesOf(alert.cases)].map(([title, entry]) => ({
    history: entry,
    test: {
      name: `${alert.name}: ${title}`,
      ...inputs(entry, latest(entry.at), metrics),
      ...expectations(alert, rules, entry),
    },
  }));
  return files(entries, ruleFiles);
}

function expectations(
  alert: Alert,
  rules: readonly Rule[],
  { at, firing }: AlertCase,
): Partial<PromtoolTest> {
  const instants = typeof at === 'string' ? [at] : at;
  const expected = firing.map((entry) => {
    const rule = rules[entry.rule ?? 0] ?? missingRule(alert);
    return { entry: { ...entry, labels: seriesLabels(rule, entry) }, rule };
  });
  const isShown = expected.every(({ entry, rule }) => entry.value !== undefined || !usesValue(rule));
  if (isShown) {
    return {
      alert_rule_test: instants.map((instant) => ({
        eval_time: instant,
        alertname: alert.name,
        exp_alerts: expected.map(({ entry, rule }) => ({
          exp_labels: { ...rule.labels, ...entry.labels },
          exp_annotations: filled(rule, entry),
        })),
      })),
    };
  }
  const selector = `ALERTS{alertname="${alert.name}",alertstate="firing"}`;
  return {
    promql_expr_test: instants.map((instant) => ({
      expr: selector,
      eval_time: instant,
      exp_samples: expected.map(({ entry, rule }) => ({
        labels: withLabels(selector, { ...rule.labels, ...entry.labels }),
        value: 1,
      })),
    })),
  };
}

/** The labels that a firing alert has from its series. What reads no series has none. */
function seriesLabels({ expr }: Rule, { labels = {} }: Firing): Labels {
  const environment = metricsOf(expr).length === 0 ? {} : { [environmentLabel]: 'production' };
  return Object.fromEntries(
    Object.entries({ ...environment, ...labels }).filter(([, value]) => value !== ''),
  );
}

const usesValue = ({ annotations }: Rule): boolean =>
  annotations?.['description']?.includes('$value') ?? false;

const withLabels = (selector: string, labels: Readonly<Record<string, string>>): string =>
  selector.replace(
    '}',
    Object.entries(labels)
      .map(([name, value]) => `,${name}="${value}"`)
      .join('')
      .concat('}'),
  );

const missingRule = ({ name }: Alert): never => {
  throw new Error(`a case of ${name} names a rule that the alert does not have`);
};

/** The annotations of a rule as Prometheus fills them. */
export function filled(rule: Rule, { labels = {}, value = '' }: Firing): Record<string, string> {
  const all: Readonly<Record<string, string>> = { ...rule.labels, ...labels };
  const fill = (text: string): string =>
    text
      // @NOTE promtool has no address.
      .replace('{{ $externalURL }}', '')
      .replace(/\{\{ \$value[^}]*\}\}/g, value)
      .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => all[name] ?? '');
  return Object.fromEntries(Object.entries(rule.annotations ?? {}).map(([name, text]) => [name, fill(text)]));
}

/** The tests of recordings. */
export function recordingTests(
  tested: readonly Recording[],
  ruleFiles: readonly string[],
): ReadonlyMap<string, TestFile> {
  const entries = tested.flatMap((recording) => {
    const metrics = new Set(
      [recording, ...recordingsFor([recording.expr])].flatMap(({ expr }) => metricsOf(expr)),
    );
    return Object.entries(recording.cases).map(([title, entry]) => ({
      history: entry,
      test: {
        name: `${recording.name}: ${title}`,
        ...inputs(entry, entry.at, metrics),
        promql_expr_test: [
          {
            expr: entry.expr.replaceAll(new RegExp(`${recording.name}(?!\\w)`, 'g'), inProduction),
            eval_time: entry.at,
            exp_samples: [{ labels: inProduction(''), value: entry.value }],
          },
        ],
      },
    }));
  });
  return files(entries, ruleFiles);
}
