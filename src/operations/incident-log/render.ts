import { type Step, steps, stepTasks } from './entry.ts';
import {
  type CallLevel,
  dueAt,
  dueLevel,
  helpers,
  nextLevel,
  type Telephones,
  whoToCall,
} from './escalation-level.ts';
import { beganAt, durationBetween, type Incident } from './incident.ts';
import { afterwardsMark, entryText } from './post-mortem.ts';

/** `20261125-3f9c  open    critical  level 1  12 min  Redis is away` */
export function incidentLine(incident: Incident, now: Date): string {
  const { opened, closed, level, severity } = incident;
  const state = closed === undefined ? 'open' : 'closed';
  const until = closed === undefined ? now : new Date(closed.resolvedAt);
  return [
    opened.id,
    state.padEnd(6),
    severity.padEnd(8),
    `level ${level}`,
    durationBetween(beganAt(incident), until).padStart(10),
    opened.title,
  ].join('  ');
}

/** An incident for people: where it stands, what was written, what the guide has next, and who is to be called when. */
export function renderIncident(incident: Incident, now: Date, telephones: Telephones): string {
  const { closed, entries } = incident;
  return [
    incidentLine(incident, now),
    ...entries.map(
      (entry) => `  ${entry.at}  ${entry.by}: ${entryText(entry)}${afterwardsMark(incident, entry)}`,
    ),
    ...(closed === undefined ? whatNext(incident, now, telephones) : []),
    '',
  ].join('\n');
}

function whatNext(incident: Incident, now: Date, telephones: Telephones): readonly string[] {
  const { step, opened } = incident;
  const following = steps[steps.indexOf(step) + 1];
  return [
    `Step: ${step}`,
    ...stepTasks[step].map((task) => `  - ${task}`),
    ...(following === undefined ? [] : [`Then: brownie incident note ${opened.id} --step ${following} "…"`]),
    ...callWords(incident, now, telephones),
    `Ask for help: ${helpers.join(', ')}`,
  ];
}

/** Whom to call next, and from when on. */
export function callWords(incident: Incident, now: Date, telephones: Telephones): readonly string[] {
  const { id } = incident.opened;
  const due = dueLevel(incident, now);
  const next = nextLevel(incident);
  if (due !== undefined) {
    return [`DUE: call level ${due.level}, ${whoToCall(due, telephones)}: brownie incident escalate ${id}`];
  }
  if (next === undefined) {
    return [];
  }
  const at = dueAt(incident, next);
  return at === undefined
    ? [`Nobody is called by the clock: it is a warning. Once it is critical: ${criticalCommand(id)}`]
    : [
        `Level ${next.level}, ${whoToCall(next, telephones)}, is due at ${at.toISOString()} if it is not over`,
      ];
}

const criticalCommand = (id: string): string => `brownie incident note ${id} --severity critical "…"`;

/** A note in one line, with whom to call by then. */
export function renderNoted(incident: Incident, step: Step, now: Date, telephones: Telephones): string {
  const { opened, severity } = incident;
  const calls = severity === 'warning' ? [] : callWords(incident, now, telephones);
  return `${[`Noted at the step ${step} of ${opened.id}, ${severity}`, ...calls].join('. ')}\n`;
}

/** Whom to call now, and who comes after. */
export function renderEscalated(
  incident: Incident,
  call: CallLevel,
  now: Date,
  telephones: Telephones,
): string {
  const { id } = incident.opened;
  const words = `${id}: call level ${call.level} now, ${whoToCall(call, telephones)}`;
  return `${[words, ...callWords(incident, now, telephones)].join('. ')}\n`;
}
