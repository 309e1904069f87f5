export { type DrainOptions, drain } from './drain.ts';
export { HealthService, type HealthServiceOptions } from './health-service.ts';
export { Lifecycle } from './lifecycle.ts';
export { OperatorAccess, type OperatorAccessOptions } from './operator-access.ts';
export { serveOperations, serveProbes, servicePaths } from './service-endpoints.ts';
