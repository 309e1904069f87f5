export { auditRoutes } from './audit-routes.ts';
export { AuditService } from './audit-service.ts';
export { chainRoutes } from './chain-routes.ts';
export { ChainService } from './chain-service.ts';
