import type { Closed, Evidence, LogEntry, Opened, Step } from './entry.ts';

/** An incident of the service itself, as its log has it. */
export interface Incident {
  readonly opened: Opened;
  /** In the order in which they were written; `opened` is the first. */
  readonly entries: readonly LogEntry[];
  readonly closed: Closed | undefined;
  readonly evidence: Evidence | undefined;
  /** How far it has come: that of the last note. */
  readonly step: Step;
  /** Who has it: 1 to 4. */
  readonly level: number;
}

/** What a log says; undefined where it does not begin with its opening. */
export function incidentOf(entries: readonly LogEntry[]): Incident | undefined {
  const [opened] = entries;
  if (opened?.kind !== 'opened') {
    return undefined;
  }
  const last = <Kind extends LogEntry['kind']>(kind: Kind) =>
    entries.findLast((entry): entry is Extract<LogEntry, { kind: Kind }> => entry.kind === kind);
  return {
    opened,
    entries,
    closed: last('closed'),
    evidence: last('evidence'),
    step: last('note')?.step ?? 'assess',
    level: last('escalated')?.level ?? 1,
  };
}

/** When it began, as far as is known. */
export const beganAt = ({ opened }: Incident): Date => new Date(opened.startedAt ?? opened.at);

/** Minutes between two moments, as people say it: `1 h 5 min`, `40 s`. */
export function durationBetween(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
