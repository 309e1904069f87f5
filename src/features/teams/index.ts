import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { teamRoutes } from './team-routes.ts';
export { TeamPath } from './team-schemas.ts';
export { TeamService } from './team-service.ts';
export { teamStore } from './team-store.ts';

export const teamConstraints: ConstraintErrors = {
  teams_name_key: 'team.name_taken',
  teams_slug_key: 'team.slug_taken',
  organization_memberships_team_fkey: 'team.not_found',
};
