export { type DrainOptions, drain } from './drain.ts';
export type { DetailInputs } from './health-details.ts';
export { describedEndpoints } from './health-schemas.ts';
export { HealthService, type HealthServiceOptions } from './health-service.ts';
export { Lifecycle } from './lifecycle.ts';
export { OperatorAccess, type OperatorAccessOptions } from './operator-access.ts';
export { type OperatorActions, operatorRoutes } from './operator-routes.ts';
export { OperatorService } from './operator-service.ts';
export { serveOperations, serveProbes, servicePaths } from './service-endpoints.ts';
