import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { incidentRoutes } from './incident-routes.ts';
export { IncidentService } from './incident-service.ts';
export { TimelineService } from './timeline-service.ts';

export const incidentConstraints: ConstraintErrors = {
  incidents_idempotency_key_key: 'incident.idempotency_key_reused',
  incidents_team_fkey: 'team.not_found',
  incidents_assigned_to_fkey: 'incident.assignee_invalid',
};
