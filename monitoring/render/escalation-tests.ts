import { escalationLevels } from '../../src/operations/incident-log/on-call-policy.ts';
import type { Alert } from '../alert.ts';
import { seconds } from '../duration.ts';
import { pendingFor } from '../escalation.ts';
import { environmentLabel, type Labels } from '../selectors.ts';
import { type AlertExpectation, type PromtoolTest, type TestFile, testFile } from './promtool.ts';
import { filled } from './rule-tests.ts';
import { escalationRule, type Links } from './rules.ts';

const began = 'ALERTS_FOR_STATE';
const selector = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;

/** Series of an alert that began so many seconds after the start, as Prometheus records them. */
const since = (
  second: number,
  labels: Labels,
  state: 'firing' | 'pending' = 'firing',
): Record<string, string> => ({
  [`${began}${selector(labels)}`]: `${second}x90`,
  [`ALERTS${selector({ ...labels, alertstate: state })}`]: '1x90',
});

/** Who is called, and who is not yet, while a critical alert goes on; beside alerts that call nobody. */
export function escalationTests(alert: Alert, links: Links, ruleFiles: readonly string[]): TestFile {
  const labels = {
    alertname: alert.name,
    severity: 'critical',
    team: alert.team,
    [environmentLabel]: 'production',
  };
  const others = {
    ...since(-9999, { ...labels, alertname: 'Other' }),
    ...since(-9999, { ...labels, severity: 'warning' }),
    ...since(-9999, { ...labels, instance: 'escalated', escalation_level: '2' }),
    ...since(-9999, { ...labels, instance: 'pending' }, 'pending'),
    [`${began}${selector({ ...labels, instance: 'gone' })}`]: '-9999x90',
  };
  /** So many minutes after people were first told: it was pending before. */
  const called = (minutes: number, levels: number, age = ''): AlertExpectation => ({
    eval_time: `${minutes * 60 + seconds(pendingFor(alert))}s`,
    alertname: alert.name,
    exp_alerts: escalationLevels.slice(0, levels).map((level) => ({
      exp_labels: {
        severity: 'critical',
        team: alert.team,
        [environmentLabel]: 'production',
        escalation_level: level.level,
      },
      exp_annotations: filled(escalationRule(alert, level, links), {
        labels: { [environmentLabel]: 'production' },
        value: age,
      }),
    })),
  });
  const test = (
    title: string,
    series: Record<string, string>,
    calls: readonly AlertExpectation[],
  ): PromtoolTest => ({
    name: `${alert.name}, escalation: ${title}`,
    interval: '1m',
    input_series: Object.entries({ ...others, ...series }).map(([name, values]) => ({
      series: name,
      values,
    })),
    alert_rule_test: calls,
  });
  return testFile(ruleFiles, '1m', [
    test('each level at its time after the first notice', since(0, labels), [
      called(15, 1, '15m 0s'),
      called(30, 2, '30m 0s'),
      called(60, 3, '1h 0m 0s'),
    ]),
    test('none a second before its time', since(1, labels), [
      called(15, 0),
      called(30, 1, '29m 59s'),
      called(60, 2, '59m 59s'),
    ]),
    test('nobody for what does not fire, is no page, or is an escalation itself', {}, [called(60, 0)]),
  ]);
}
