import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { momentOf, type Stamp } from '../../platform/changes/moment.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { Incident } from './incident-schemas.ts';
import { incidentStore } from './incident-store.ts';

/** The incident, locked until the transaction ends; 404 where it was deleted meanwhile. */
export async function lockedIncident(
  tx: Transaction,
  orgId: string,
  id: string,
  isDeletedIncluded?: boolean,
): Promise<Incident> {
  const incident = await incidentStore(tx, orgId).lock(id, isDeletedIncluded);
  if (incident === undefined) {
    throw new ApiError('incident.not_found');
  }
  return incident;
}

const resourceOf = ({ id, team_id }: Incident) => ({
  resourceType: 'incident',
  resourceId: id,
  teamId: team_id,
});

/** Who changes an incident that is locked, and when. */
export const stampOf = async (tx: Transaction, caller: Caller, locked: Incident): Promise<Stamp> => ({
  by: caller.userId,
  at: await momentOf(tx, locked.org_id, resourceOf(locked), locked.updated_at),
});

/** What every event of the timeline says. */
export const eventOf = ({ id }: Incident, { by, at }: Stamp) => ({
  incident_id: id,
  actor_id: by,
  created_at: at,
});

/** What the audit trail says of a change to an incident. */
export const auditEntry = (
  action: AuditAction,
  incident: Incident,
  change: { at: string; before?: object; after?: object },
) => ({ action, ...resourceOf(incident), ...change });
