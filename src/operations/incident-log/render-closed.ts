import type { Incident } from './incident.ts';
import type { WrittenDraft } from './incident-store.ts';
import { postMortemDue, postMortemWorkingDays } from './post-mortem-due.ts';
import { incidentLine } from './render.ts';

/** A closed incident, where the draft of its post-mortem is, and what is left to do: the last step of the operations guide. */
export function renderClosed(incident: Incident, draft: WrittenDraft, now: Date): string {
  const { opened, closed } = incident;
  const due = postMortemDue(new Date(closed?.at ?? now));
  return [
    incidentLine(incident, now),
    `The draft of its post-mortem: ${draft.path}`,
    ...editedWords(draft),
    'Next:',
    `  1. Complete the draft: impact, cause, action items with a name and a date each`,
    `  2. Hold the post-mortem by ${due} (${postMortemWorkingDays} working days)`,
    '  3. Update the runbooks where they did not help: docs/runbooks/',
    `What comes to light later: brownie incident note ${opened.id} "…"`,
    '',
  ].join('\n');
}

/** A note on a closed incident in one line, with the draft that has it. */
export function renderNotedAfterwards({ opened }: Incident, draft: WrittenDraft): string {
  return `${[`Noted after ${opened.id} was closed; it is in ${draft.path}`, ...editedWords(draft)].join('. ')}\n`;
}

/** Says which drafts are left alone. */
const editedWords = ({ edited }: WrittenDraft): readonly string[] =>
  edited.length === 0 ? [] : [`Left as somebody edited it: ${edited.join(', ')}; take over what is new`];
