import type { Closed, Evidence, LogEntry, Opened, Severity, Step } from './entry.ts';

/** An incident of the service itself, as its log has it. */
export interface Incident {
  readonly opened: Opened;
  /** In the order in which they were written; `opened` is the first. */
  readonly entries: readonly LogEntry[];
  readonly closed: Closed | undefined;
  readonly evidence: Evidence | undefined;
  /** That of the opening, or of the last note that names another. */
  readonly severity: Severity;
  /** Since when it has been critical without a break, ISO 8601; null where it is a warning. */
  readonly criticalSince: string | null;
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
    ...severityOf(opened, entries),
    step: last('note')?.step ?? 'assess',
    level: last('escalated')?.level ?? 1,
  };
}

function severityOf(
  opened: Opened,
  entries: readonly LogEntry[],
): Pick<Incident, 'severity' | 'criticalSince'> {
  let severity: Severity = opened.severity;
  let criticalSince = severity === 'critical' ? opened.at : null;
  for (const entry of entries) {
    if (entry.kind === 'note' && entry.severity !== undefined && entry.severity !== severity) {
      severity = entry.severity;
      criticalSince = severity === 'critical' ? entry.at : null;
    }
  }
  return { severity, criticalSince };
}

/** Whether an entry was written after the incident had been closed. */
export const isAfterwards = ({ entries, closed }: Incident, entry: LogEntry): boolean =>
  closed !== undefined && entries.indexOf(entry) > entries.indexOf(closed);

/** When it began, as far as is known. */
export const beganAt = ({ opened }: Incident): Date => new Date(opened.startedAt ?? opened.at);

/** Minutes between two moments, as people say it: `1 h 5 min`, `40 s`. */
export function durationBetween(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
