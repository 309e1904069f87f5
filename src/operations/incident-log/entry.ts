import { type Static, Type } from 'typebox';

/** The steps of the operations guide, in its order. */
export const steps = ['assess', 'contain', 'resolve', 'post-incident'] as const;
export type Step = (typeof steps)[number];

export const severities = ['critical', 'warning'] as const;
export type Severity = (typeof severities)[number];

const Written = {
  /** ISO 8601, UTC. */
  at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
  /** Who wrote it. */
  by: Type.String(),
};
const AnyStep = Type.Enum([...steps]);

const Opened = Type.Object({
  ...Written,
  kind: Type.Literal('opened'),
  id: Type.String(),
  title: Type.String(),
  severity: Type.Enum([...severities]),
  /** When it began, where that was before somebody noticed. */
  startedAt: Type.Union([Type.Null(), Written.at]),
  /** Of the program. */
  version: Type.String(),
});
const Evidence = Type.Object({
  ...Written,
  kind: Type.Literal('evidence'),
  health: Type.String(),
  findings: Type.Array(Type.String()),
  /** What fired; null where Prometheus could not be asked. */
  alerts: Type.Union([Type.Null(), Type.Array(Type.String())]),
});
const Note = Type.Object({
  ...Written,
  kind: Type.Literal('note'),
  step: AnyStep,
  text: Type.String(),
  /** What it is from here on, where that turned out to be another. */
  severity: Type.Optional(Type.Enum([...severities])),
});
const Escalated = Type.Object({
  ...Written,
  kind: Type.Literal('escalated'),
  level: Type.Integer({ minimum: 2, maximum: 4 }),
  who: Type.String(),
});
const Closed = Type.Object({
  ...Written,
  kind: Type.Literal('closed'),
  /** When it was over; before somebody wrote so, perhaps. */
  resolvedAt: Written.at,
  impact: Type.Union([Type.Null(), Type.String()]),
  cause: Type.Union([Type.Null(), Type.String()]),
});

/** A line of the log of an incident. */
export const LogEntry = Type.Union([Opened, Evidence, Note, Escalated, Closed]);
export type LogEntry = Static<typeof LogEntry>;
export type Opened = Static<typeof Opened>;
export type Evidence = Static<typeof Evidence>;
export type Note = Static<typeof Note>;
export type Closed = Static<typeof Closed>;

/** What is done at a step, in the words of the guide, and with what. */
export const stepTasks: Readonly<Record<Step, readonly string[]>> = {
  assess: [
    'Check health endpoints: brownie doctor',
    'Review error logs: brownie checklist daily --log <file>',
    'Identify affected users: the dashboard brownie-tenants, and the access log',
  ],
  contain: [
    'Scale up if needed',
    'Enable maintenance mode if necessary: brownie maintenance on --message "…" --until 1h',
    'Isolate affected components: brownie drain',
  ],
  resolve: [
    'Apply fixes: the runbook of the alert, to its post-checks',
    'Restart services if needed, one instance at a time',
    'Verify resolution: brownie doctor; the alert ends by itself',
  ],
  'post-incident': [
    'Document the incident: brownie incident close',
    'Update runbooks where they did not help',
    'Conduct a post-mortem',
  ],
};
