import { type EscalationLevel, escalationLevels } from '../../src/operations/incident-log/on-call-policy.ts';
import type { Alert, AlertRule } from '../alert.ts';
import { alerts, recordingGroups } from '../catalogue.ts';
import { seconds } from '../duration.ts';
import { escalationExpr, isCritical, pendingFor } from '../escalation.ts';
import { environmentLabel, type Labels } from '../selectors.ts';
import type { Rule, RuleFile } from './rule-file.ts';
import { scaledWait, type TimeScale } from './time-scale.ts';

/** Where people find what an alert points to. */
export interface Links {
  /** Folder of docs/runbooks as people can open it, without a slash at its end. */
  readonly runbooks: string;
  /** Grafana, without a slash at its end. */
  readonly grafana: string;
}

/** The environment of a firing alert, in an annotation. */
const environment = `{{ $labels.${environmentLabel} }}`;

const acknowledge = ({ name }: Alert): string =>
  `amtool silence add alertname=${name} ${environmentLabel}="${environment}" --duration=1h --author="$USER" --comment="on it"`;

/** @NOTE Prometheus shows the labels of the series in annotations, not those that the rule itself adds. */
const described = ({ description }: Alert, { labels = {} }: Pick<AlertRule, 'labels'>): string =>
  description.replace(/\{\{ \$labels\.(\w+) \}\}/g, (reference, name: string) => labels[name] ?? reference);

function annotations(alert: Alert, rule: Pick<AlertRule, 'labels'>, links: Links): Labels {
  return {
    summary: alert.summary,
    description: described(alert, rule),
    next_step: alert.nextSteps[0],
    runbook_url: `${links.runbooks}/${alert.name}.md`,
    dashboard: `${links.grafana}/d/brownie-${alert.dashboard}?var-environment=${environment}`,
    ...(isCritical(alert) ? { acknowledge: acknowledge(alert) } : {}),
  };
}

const labelsOf = ({ team, slo }: Alert, { severity, labels }: AlertRule): Labels => ({
  severity,
  team,
  ...(slo === undefined ? {} : { slo }),
  ...labels,
});

/** The rules of one alert; several where it has several windows. */
export const alertRules = (alert: Alert, links: Links): Rule[] =>
  alert.rules.map((rule) => ({
    alert: alert.name,
    expr: rule.expr,
    ...(rule.for === undefined ? {} : { for: rule.for }),
    ...(rule.keepFiringFor === undefined ? {} : { keep_firing_for: rule.keepFiringFor }),
    labels: labelsOf(alert, rule),
    annotations: annotations(alert, rule, links),
  }));

/** The rule that calls the next person in line for an alert. */
export const escalationRule = (
  alert: Alert,
  level: EscalationLevel,
  links: Links,
  timeScale: TimeScale = 1,
): Rule => ({
  alert: alert.name,
  expr: escalationExpr(
    alert,
    { afterSeconds: level.afterSeconds / timeScale },
    seconds(scaledWait(pendingFor(alert), timeScale)),
  ),
  labels: { escalation_level: level.level },
  annotations: {
    ...annotations(alert, {}, links),
    summary: `For the ${level.who}: ${alert.summary}`,
    description: `${alert.name} was first told of {{ $value | humanizeDuration }} ago, and nobody has acknowledged it.`,
  },
});

export const recordingFile: RuleFile = {
  groups: recordingGroups.map(({ name, interval, recordings }) => ({
    name,
    interval,
    rules: recordings.map((recording) => ({ record: recording.name, expr: recording.expr })),
  })),
};

export const alertFile = (links: Links): RuleFile => ({
  groups: [{ name: 'brownie-api', rules: alerts.flatMap((alert) => alertRules(alert, links)) }],
});

/** The rules that call the next person in line, after a so-many-th of the time: see TimeScale. */
export const escalationFile = (links: Links, timeScale: TimeScale = 1): RuleFile => ({
  groups: [
    {
      name: 'brownie-api-escalation',
      rules: alerts
        .filter(isCritical)
        .flatMap((alert) => escalationLevels.map((level) => escalationRule(alert, level, links, timeScale))),
    },
  ],
});

/** In the order in which they read each other. */
export const groupOrder = [
  ...recordingGroups.map(({ name }) => name),
  'brownie-api',
  'brownie-api-escalation',
];
