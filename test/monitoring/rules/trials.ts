import type { Alert, AlertRule } from '../../../monitoring/alert.ts';
import { type AlertCase, type AlertCases, casesOf } from '../../../monitoring/alert-case.ts';
import type { Recording } from '../../../monitoring/recording.ts';
import { escalationTests } from '../../../monitoring/render/escalation-tests.ts';
import type { TestFile } from '../../../monitoring/render/promtool.ts';
import { alertTests, recordingTests } from '../../../monitoring/render/rule-tests.ts';
import { alertRules, escalationRule } from '../../../monitoring/render/rules.ts';
import { escalationLevels } from '../../../src/operations/incident-log/on-call-policy.ts';
import { exprMutants, type Mutant, ruleMutants } from './mutants.ts';
import type { Trial } from './survivors.ts';

export const links = { runbooks: 'docs/runbooks', grafana: 'http://localhost:3000' };
const unchanged = 'unchanged';

/** With the rule as it is before them: what is expected of it must hold. */
const withOriginal = <T>(original: T, mutants: readonly Mutant<T>[]): Mutant<T>[] => [
  { what: unchanged, of: original },
  ...mutants,
];

export const isUnchanged = ({ what }: Trial): boolean => what.endsWith(unchanged);

const named = (name: string, ...numbers: readonly number[]): string => `${name}_${numbers.join('_')}_`;

/** Every change of a rule of an alert. */
export const alertTrials = (alert: Alert): Trial[] =>
  alert.rules.flatMap((rule, index) =>
    withOriginal(rule, ruleMutants(rule)).map(({ what, of }, number) => {
      const name = named(alert.name, index, number);
      const alone = (only: AlertRule): Alert => ({
        ...alert,
        name,
        rules: [only],
        cases: ofRule(alert.cases, index),
      });
      const original = alone(rule);
      return {
        name,
        what: `rule ${index}, ${what}`,
        group: { name: 'brownie-api', rules: alertRules(alone(of), links) },
        expected: [...alertTests(original, alertRules(original, links), []).values()],
      };
    }),
  );

/** What the cases expect of one rule. */
function ofRule(cases: AlertCases, index: number): AlertCases {
  const only = (entry: AlertCase): AlertCase => ({
    ...entry,
    firing: entry.firing.filter(({ rule = 0 }) => rule === index).map((firing) => ({ ...firing, rule: 0 })),
  });
  const { fires, noData, noTraffic, ...others } = Object.fromEntries(
    [...casesOf(cases)].map(([title, entry]) => [title, only(entry)]),
  );
  const none = { because: 'it is among the others' };
  if (fires === undefined || noData === undefined || noTraffic === undefined) {
    throw new Error('an alert without one of the cases that every alert has');
  }
  return {
    fires,
    noData,
    noTraffic,
    quietJustBelow: none,
    quietBeforeFor: none,
    resolves: none,
    more: others,
  };
}

/** Every change of a recording. */
export const recordingTrials = (recording: Recording): Trial[] =>
  withOriginal(recording.expr, exprMutants(recording.expr)).map(({ what, of }, number) => {
    const name = named(recording.name, number);
    const cases = Object.entries(recording.cases).map(([title, entry]) => {
      return [title, { ...entry, expr: entry.expr.replaceAll(recording.name, name) }] as const;
    });
    const renamed = { ...recording, name, cases: Object.fromEntries(cases) };
    return {
      name,
      what,
      group: { name: 'brownie-api-requests', rules: [{ record: name, expr: of }] },
      expected: [...recordingTests([renamed], []).values()],
    };
  });

/** Every change of the rules that escalate an alert. */
export const escalationTrials = (alert: Alert): Trial[] =>
  escalationLevels.flatMap((level, index) => {
    const rule = escalationRule(alert, level, links);
    return withOriginal(rule.expr, exprMutants(rule.expr)).map(({ what, of }, number) => {
      const name = named(alert.name, index, number);
      return {
        name,
        what: `level ${level.level}, ${what}`,
        group: { name: 'brownie-api-escalation', rules: [{ ...rule, alert: name, expr: of }] },
        expected: [ofLevel(escalationTests(alert, links, []), name, level.level)],
      };
    });
  });

/** What the tests expect of one level, under another name. */
const ofLevel = (file: TestFile, name: string, level: string): TestFile => ({
  ...file,
  tests: file.tests.map((test) => ({
    ...test,
    alert_rule_test: (test.alert_rule_test ?? []).map((entry) => ({
      ...entry,
      alertname: name,
      exp_alerts: entry.exp_alerts.filter(({ exp_labels }) => exp_labels['escalation_level'] === level),
    })),
  })),
});
