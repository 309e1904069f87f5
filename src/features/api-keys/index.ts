export { apiKeyRoutes } from './api-key-routes.ts';
export type { ApiKey } from './api-key-schemas.ts';
export { ApiKeyService, revokeKey } from './api-key-service.ts';
export { apiKeyStore } from './api-key-store.ts';
