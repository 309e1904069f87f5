export { statsRoutes } from './stats-routes.ts';
export { StatsService } from './stats-service.ts';
