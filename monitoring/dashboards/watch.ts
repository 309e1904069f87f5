import type { Alert, AlertRule, Severity } from '../alert.ts';
import { type Condition, conditionOf } from './condition.ts';
import type { Panel, Target, Watch } from './panel.ts';

const ruleOf = ({ alert, rule = 0 }: Watch): AlertRule => {
  const found = alert.rules[rule];
  if (found === undefined) {
    throw new Error(`${alert.name} has no rule ${rule}`);
  }
  return found;
};

/** What a rule of an alert compares. Throws where it compares nothing. */
export function watched(alert: Alert, rule = 0): Condition {
  const condition = conditionOf(ruleOf({ alert, rule }).expr);
  if (condition === undefined) {
    throw new Error(`rule ${rule} of ${alert.name} compares nothing`);
  }
  return condition;
}

/** The very expression that an alert compares with its threshold. */
export const watchedTarget = (alert: Alert, legend: string, rule = 0): Target => ({
  expr: watched(alert, rule).left,
  legend,
});

/** From this value on, in this colour; the first has no value, for it begins below all others. */
export interface ThresholdStep {
  readonly color: string;
  readonly value: number | null;
}

const colors: Readonly<Record<Severity, string>> = { critical: 'red', warning: 'orange', none: 'blue' };

/** Colours by value, from the rules that watch a panel: one source for what pages and for what a person sees. */
export function thresholdSteps({
  watchedBy = [],
  redBelow,
}: Pick<Panel, 'watchedBy' | 'redBelow'>): readonly ThresholdStep[] {
  const limits = watchedBy
    .map((watch) => ({ ...ruleOf(watch), condition: conditionOf(ruleOf(watch).expr) }))
    .flatMap(({ condition, severity }) =>
      condition?.threshold === undefined
        ? []
        : [{ value: condition.threshold, isLow: !condition.operator.startsWith('>'), severity, condition }],
    )
    .toSorted((a, b) => a.value - b.value);
  const [first] = limits;
  if (first === undefined) {
    return redBelow === undefined
      ? [{ color: 'green', value: null }]
      : [
          { color: 'red', value: null },
          { color: 'green', value: redBelow },
        ];
  }
  if (limits.some(({ isLow }) => isLow !== first.isLow)) {
    throw new Error('some of the alerts of a panel fire above a threshold, others below');
  }
  if (!first.isLow) {
    return [
      { color: 'green', value: null },
      ...limits.map(({ value, severity }) => ({ color: colors[severity], value })),
    ];
  }
  // @NOTE below a threshold it is bad: each colour holds up to the threshold, and the next one begins there.
  const begins = ({ value, condition }: (typeof limits)[number]): number =>
    condition.operator === '==' ? value + 1 : value;
  return [
    { color: colors[first.severity], value: null },
    ...limits.map((limit, index) => ({
      color: colors[limits[index + 1]?.severity ?? 'none'].replace('blue', 'green'),
      value: begins(limit),
    })),
  ];
}
