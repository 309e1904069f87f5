import { type Incident, incidentOf } from './incident.ts';
import type { IncidentStore, WrittenDraft } from './incident-store.ts';
import { postMortem } from './post-mortem.ts';

/**
 * Brings the draft of the post-mortem of a closed incident to what its log says by now. A draft that somebody has worked on
 * stays as it is; the new one is then beside it.
 */
export function draftPostMortem(store: IncidentStore, incident: Incident): Promise<WrittenDraft> {
  const written = draftsSoFar(incident);
  return store.writeDraft(incident.opened.id, postMortem(incident), (text) => written.has(text));
}

/** Every draft that its log has led to, from its closing on: a file that is none of them is a person's work. */
function draftsSoFar({ entries }: Incident): ReadonlySet<string> {
  const first = entries.findIndex(({ kind }) => kind === 'closed') + 1;
  const drafts = new Set<string>();
  for (let length = first; length <= entries.length; length += 1) {
    const then = incidentOf(entries.slice(0, length));
    if (then !== undefined) {
      drafts.add(postMortem(then));
    }
  }
  return drafts;
}
