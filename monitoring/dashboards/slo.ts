import type { Alert } from '../alert.ts';
import { errorBudgetBurn, latencyBudgetBurn } from '../slo/budget-burn.ts';
import { availability, burnRates, latency, type Objective } from '../slo/objectives.ts';
import type { Dashboard, Panel, Row } from './panel.ts';
import { watchedTarget } from './watch.ts';

/** A window pair of a burn alert: it fires where both are above the line. */
const burnPanel = (alert: Alert, { ratio, bad }: Objective, index: number): Panel => {
  const { rate, long, short, severity } = burnRates[index] ?? missing(alert, index);
  return {
    kind: 'graph',
    title: `${long} and ${short}: ${rate} times the budget`,
    description: `The share of requests that ${bad}. Both above the line for long enough: ${alert.name}, ${severity}.`,
    unit: 'share',
    targets: [watchedTarget(alert, long, index), { expr: `${ratio}${short}`, legend: short }],
    watchedBy: [{ alert, rule: index }],
    width: 6,
  };
};

const missing = ({ name }: Alert, index: number): never => {
  throw new Error(`${name} has no burn rate ${index}`);
};

const objectiveRow = (title: string, alert: Alert, objective: Objective): Row => ({
  title,
  panels: [
    {
      kind: 'number',
      title: 'Budget left, of 30 days',
      description: 'At 0 the promise of this month is used up: stop risky changes and work on reliability.',
      unit: 'share',
      targets: [{ expr: `brownie:${objective.slo}_budget_remaining:ratio30d`, legend: 'left' }],
      redBelow: 0,
      width: 6,
    },
    {
      kind: 'number',
      title: 'Bad requests, of 30 days',
      description: `The share of requests that ${objective.bad}; ${objective.budget * 100} % may.`,
      unit: 'share',
      targets: [{ expr: `${objective.ratio}30d`, legend: 'bad' }],
      width: 6,
    },
    {
      kind: 'graph',
      title: 'Budget left',
      description: 'A step is an incident, a slope is a fault that nobody sees.',
      unit: 'share',
      targets: [{ expr: `brownie:${objective.slo}_budget_remaining:ratio30d`, legend: 'left' }],
      width: 12,
    },
    ...burnRates.map((_, index) => burnPanel(alert, objective, index)),
  ],
});

export const slo: Dashboard = {
  id: 'slo',
  title: 'Objectives',
  description:
    '99.9 % of requests do not fail; 99 % are answered within a second. Probes, unknown paths and the 503s of instances ' +
    'that are drained do not count.',
  rows: [
    objectiveRow('Availability', errorBudgetBurn, availability),
    objectiveRow('Latency', latencyBudgetBurn, latency),
  ],
};
