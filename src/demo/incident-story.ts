import { iso, minuteMs } from './clock.ts';
import { demoOrganization } from './demo-organization.ts';
import type { Random } from './random.ts';
import type { Priority } from './symptoms.ts';

type Status = 'open' | 'in_progress' | 'resolved' | 'closed' | 'cancelled';

/** What is known of an incident when it is created. */
export interface IncidentDraft {
  readonly teamId: string;
  readonly title: string;
  readonly description: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | null;
}

const org_id = demoOrganization.id;

const newRow = (draft: IncidentDraft, created: { id: string; by: string; at: string }) => ({
  org_id,
  id: created.id,
  team_id: draft.teamId,
  title: draft.title,
  description: draft.description,
  status: 'open' as Status,
  priority: draft.priority,
  assigned_to: null as string | null,
  tags: draft.tags,
  incident_metadata: draft.metadata,
  idempotency_key: draft.idempotencyKey,
  version: 1,
  started_at: null as string | null,
  resolved_at: null as string | null,
  closed_at: null as string | null,
  response_time_minutes: null as number | null,
  resolution_time_minutes: null as number | null,
  created_by: created.by,
  updated_by: created.by,
  created_at: created.at,
  updated_at: created.at,
});

/** An incident as it is told, step by step: its row is always what the API would have made of these steps. */
export class IncidentStory {
  readonly #random: Random;
  readonly #createdAt: number;
  readonly #row: ReturnType<typeof newRow>;
  readonly #events: object[] = [];

  constructor(random: Random, draft: IncidentDraft, by: string, at: number) {
    this.#random = random;
    this.#createdAt = at;
    this.#row = newRow(draft, { id: random.idAt(at), by, at: iso(at) });
    this.#tell('created', by, at);
  }

  get row(): Readonly<ReturnType<typeof newRow>> {
    return this.#row;
  }

  /** Rows of its timeline, oldest first. */
  get events(): readonly object[] {
    return this.#events;
  }

  comment(by: string, at: number, comment: string): void {
    this.#tell('commented', by, at, { comment });
  }

  assign(by: string, at: number, to: string): void {
    this.#tell('assigned', by, at, { changes: { assigned_to: { from: this.#row.assigned_to, to } } });
    this.#row.assigned_to = to;
    this.#start(at);
    this.#updated(by, at);
  }

  move(by: string, at: number, to: Status): void {
    const row = this.#row;
    const isReopened = row.status === 'resolved' && to === 'in_progress';
    this.#tell(isReopened ? 'reopened' : 'status_changed', by, at, {
      changes: { status: { from: row.status, to } },
    });
    row.status = to;
    this.#start(at);
    if (to === 'resolved' || isReopened) {
      row.resolved_at = isReopened ? null : iso(at);
      row.resolution_time_minutes = isReopened ? null : this.#minutesUntil(at);
    }
    row.closed_at = to === 'closed' ? iso(at) : null;
    this.#updated(by, at);
  }

  #start(at: number): void {
    this.#row.started_at ??= iso(at);
    this.#row.response_time_minutes ??= this.#minutesUntil(at);
  }

  #updated(by: string, at: number): void {
    Object.assign(this.#row, { updated_by: by, updated_at: iso(at), version: this.#row.version + 1 });
  }

  #minutesUntil = (at: number): number => Math.floor((at - this.#createdAt) / minuteMs);

  #tell(type: string, by: string, at: number, more: { comment?: string; changes?: object } = {}): void {
    const { comment = null, changes = {} } = more;
    const id = this.#random.idAt(at);
    const created_at = iso(at);
    this.#events.push({
      org_id,
      incident_id: this.#row.id,
      id,
      type,
      actor_id: by,
      comment,
      changes,
      created_at,
    });
  }
}
