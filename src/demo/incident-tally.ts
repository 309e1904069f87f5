import { hourMs } from './clock.ts';
import type { IncidentStory } from './incident-story.ts';

interface Hour {
  opened: number;
  ended: number;
  resolved: number;
  resolutionMinutes: number;
}

/** What a team measured in one hour. */
export interface TeamHour {
  readonly opened: number;
  /** Neither resolved, closed nor cancelled at the end of the hour. */
  readonly open: number;
  /** Mean of the last 24 hours in which anything was resolved; null before the first. */
  readonly resolutionMinutes: number | null;
}

/** Counts incidents by team and hour, so that the demonstration's statistics agree with its incidents. */
export class IncidentTally {
  readonly #hours = new Map<string, Map<number, Hour>>();

  add({ row }: IncidentStory): void {
    this.#hour(row.team_id, row.created_at).opened += 1;
    const endedAt = row.resolved_at ?? row.closed_at ?? (row.status === 'cancelled' ? row.updated_at : null);
    if (endedAt !== null) {
      const hour = this.#hour(row.team_id, endedAt);
      hour.ended += 1;
      hour.resolved += row.resolution_time_minutes === null ? 0 : 1;
      hour.resolutionMinutes += row.resolution_time_minutes ?? 0;
    }
  }

  /** The hours from `from` to `to` (milliseconds since 1970, whole hours), in order. */
  *hours(teamId: string, from: number, to: number): Generator<TeamHour & { readonly at: number }> {
    const known = this.#hours.get(teamId) ?? new Map<number, Hour>();
    let open = 0;
    for (const [at, { opened, ended }] of known) {
      open += at < from ? opened - ended : 0;
    }
    const recent: Hour[] = [];
    for (let at = from; at < to; at += hourMs) {
      const hour = known.get(at);
      const { opened = 0, ended = 0 } = hour ?? {};
      open += opened - ended;
      if (hour !== undefined && hour.resolved > 0) {
        recent.push(hour);
      }
      const last = recent.slice(-24);
      const resolved = last.reduce((sum, each) => sum + each.resolved, 0);
      const minutes = last.reduce((sum, each) => sum + each.resolutionMinutes, 0);
      yield { at, opened, open, resolutionMinutes: resolved === 0 ? null : minutes / resolved };
    }
  }

  #hour(teamId: string, instant: string): Hour {
    const ofTeam = this.#hours.get(teamId) ?? new Map<number, Hour>();
    this.#hours.set(teamId, ofTeam);
    const at = Math.floor(Date.parse(instant) / hourMs) * hourMs;
    const hour = ofTeam.get(at) ?? { opened: 0, ended: 0, resolved: 0, resolutionMinutes: 0 };
    ofTeam.set(at, hour);
    return hour;
  }
}
