import { pluralize } from '../../platform/system/wording.ts';
import { type LogEntry, type Note, type Step, steps, stepTasks } from './entry.ts';
import { callLevels } from './escalation-level.ts';
import { beganAt, durationBetween, type Incident, isAfterwards } from './incident.ts';
import { postMortemDue } from './post-mortem-due.ts';

const alertsText = (alerts: readonly string[] | null): string =>
  alerts === null ? 'Prometheus could not be asked' : pluralize(alerts.length, 'alert');

/** An entry in one line, without when and who. */
export function entryText(entry: LogEntry): string {
  switch (entry.kind) {
    case 'opened':
      return `Opened: ${entry.title}`;
    case 'evidence':
      return `Evidence: ${pluralize(entry.findings.length, 'finding')}, ${alertsText(entry.alerts)}; ${entry.health}`;
    case 'note':
      return `[${entry.step}] ${noteText(entry)}`;
    case 'escalated':
      return `Escalated to level ${entry.level}: ${entry.who}`;
    case 'closed':
      return `Closed: over since ${entry.resolvedAt}`;
  }
}

/** A note, and what it makes of the severity. */
const noteText = ({ text, severity }: Note): string =>
  severity === undefined ? text : `${text} (from here on: ${severity})`;

/** Says of an entry that it is none of what was known while the incident went on. */
export const afterwardsMark = (incident: Incident, entry: LogEntry): string =>
  isAfterwards(incident, entry) ? ' (added after it was closed)' : '';

const titles: Readonly<Record<Step, string>> = {
  assess: 'Assess impact',
  contain: 'Contain issue',
  resolve: 'Resolve issue',
  'post-incident': 'Post-incident',
};

/** Text that stands in a table or a list of Markdown, and says there what it says. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>|#])/g, '\\$1');

const list = (lines: readonly string[], none: string): string[] =>
  lines.length === 0 ? [none] : lines.map((line) => `- ${plain(line)}`);

/** The draft of a post-mortem: what is known is filled in, what people have to think about is empty. */
export function postMortem(incident: Incident): string {
  const { opened, closed, evidence, entries, level } = incident;
  const began = beganAt(incident);
  const detected = new Date(opened.at);
  const resolved = new Date(closed?.resolvedAt ?? detected);
  const notes = (step: Step): string[] =>
    entries.flatMap((entry) =>
      entry.kind === 'note' && entry.step === step
        ? [`${noteText(entry)}${afterwardsMark(incident, entry)}`]
        : [],
    );
  return `${[
    `# ${plain(opened.title)}`,
    '',
    'Draft of a post-mortem. It looks for causes, not for somebody to blame.',
    '',
    '| | |',
    '| --- | --- |',
    `| incident | ${opened.id} |`,
    `| severity | ${incident.severity}${incident.severity === opened.severity ? '' : `, opened as ${opened.severity}`} |`,
    `| began | ${began.toISOString()}${opened.startedAt === null ? ', as far as is known' : ''} |`,
    `| detected | ${detected.toISOString()}, by ${plain(opened.by)}, after ${durationBetween(began, detected)} |`,
    `| resolved | ${resolved.toISOString()}, ${durationBetween(detected, resolved)} after it was detected |`,
    `| duration | ${durationBetween(began, resolved)} |`,
    `| escalated to | level ${level}, ${plain(callLevels.find((each) => each.level === level)?.who ?? '')} |`,
    `| version | ${plain(opened.version)} |`,
    `| post-mortem | to be held by ${postMortemDue(new Date(closed?.at ?? opened.at))} |`,
    '',
    '## Impact',
    '',
    closed?.impact == null ? '_Who was hit, how many, and what could they not do?_' : plain(closed.impact),
    '',
    '## Cause',
    '',
    closed?.cause == null
      ? '_What made it possible? Ask why until the answer is something to change._'
      : plain(closed.cause),
    '',
    '## Timeline',
    '',
    '| when (UTC) | who | what |',
    '| --- | --- | --- |',
    ...(opened.startedAt === null ? [] : [`| ${began.toISOString()} | | It began |`]),
    ...entries.map(
      (entry) =>
        `| ${entry.at} | ${plain(entry.by)} | ${plain(entryText(entry))}${afterwardsMark(incident, entry)} |`,
    ),
    '',
    '## What was seen when it was opened',
    '',
    ...list(
      evidence === undefined
        ? []
        : [evidence.health, ...(evidence.alerts ?? [alertsText(null)]), ...evidence.findings],
      'Nothing was gathered.',
    ),
    '',
    '## What was done',
    '',
    ...steps.flatMap((step) => [
      `### ${titles[step]}`,
      '',
      ...list(notes(step), `_Nothing was written down. The guide asks for: ${stepTasks[step].join('; ')}._`),
      '',
    ]),
    '## What went well, and what did not',
    '',
    '- ',
    '',
    '## Action items',
    '',
    '| what keeps it from coming back | who | until |',
    '| --- | --- | --- |',
    '| | | |',
  ].join('\n')}\n`;
}
