export { DatabaseHealth } from './health.ts';
export { serveServiceEndpoints } from './service-endpoints.ts';
