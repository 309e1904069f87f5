import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { statsRoutes } from './stats-routes.ts';
export { StatsService } from './stats-service.ts';

export const statsConstraints: ConstraintErrors = {
  stats_team_fkey: 'team.not_found',
};
