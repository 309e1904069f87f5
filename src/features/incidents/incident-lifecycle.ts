import type { Incident, IncidentEvent, IncidentStatus } from './incident-schemas.ts';

/** The times of an incident; timestamps are RFC 3339, durations whole minutes since creation. */
export type IncidentTimes = Pick<
  Incident,
  'started_at' | 'resolved_at' | 'closed_at' | 'response_time_minutes' | 'resolution_time_minutes'
>;

/** An incident that nobody has touched yet. */
export const untouched: IncidentTimes = {
  started_at: null,
  resolved_at: null,
  closed_at: null,
  response_time_minutes: null,
  resolution_time_minutes: null,
};

const minutesBetween = (from: string, to: string): number =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 60_000));

const ended: readonly IncidentStatus[] = ['resolved', 'closed', 'cancelled'];

/** True where an incident that had ended is taken up again. */
export const isReopening = (from: IncidentStatus, to: IncidentStatus): boolean =>
  ended.includes(from) && !ended.includes(to);

/**
 * The times that follow from a status (contract v1, Incidents): leaving `open`, or being assigned, starts the work;
 * `resolved` and `closed` stamp their own time; reopening takes those two away again.
 */
export function timesAfter(
  incident: IncidentTimes & { readonly created_at: string; readonly status: IncidentStatus },
  next: { readonly status: IncidentStatus; readonly isAssigned: boolean },
  now: string,
): IncidentTimes {
  const { created_at: createdAt } = incident;
  const isReopened = isReopening(incident.status, next.status);
  const startedAt = incident.started_at ?? (next.status !== 'open' || next.isAssigned ? now : null);
  const resolvedAt = isReopened
    ? null
    : next.status === 'resolved' && incident.status !== 'resolved'
      ? now
      : incident.resolved_at;
  const closedAt = next.status === 'closed' ? (incident.closed_at ?? now) : null;
  return {
    started_at: startedAt,
    resolved_at: resolvedAt,
    closed_at: closedAt,
    response_time_minutes: startedAt === null ? null : minutesBetween(createdAt, startedAt),
    resolution_time_minutes: resolvedAt === null ? null : minutesBetween(createdAt, resolvedAt),
  };
}

const tracked = [
  'title',
  'description',
  'status',
  'priority',
  'assigned_to',
  'tags',
  'incident_metadata',
] as const;

/** What changed between two states of an incident: `{ field: { from, to } }`, times left out. */
export function changesBetween(
  before: Incident,
  after: Incident,
): Record<string, { from: unknown; to: unknown }> {
  return Object.fromEntries(
    tracked
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, { from: before[name], to: after[name] }]),
  );
}

/** The kind of event that tells of these changes best. */
export function eventType(before: Incident, after: Incident): IncidentEvent['type'] {
  if (before.status !== after.status) {
    return isReopening(before.status, after.status) ? 'reopened' : 'status_changed';
  }
  return before.assigned_to !== after.assigned_to ? 'assigned' : 'updated';
}
