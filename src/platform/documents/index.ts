export { agentsGuide } from './agents-guide.ts';
export { buildOpenApi } from './build-open-api.ts';
export type { Endpoint } from './endpoint.ts';
export { errorsOf } from './errors-of.ts';
export type { OpenApiDocument } from './open-api-types.ts';
export { serveDocuments } from './serve-documents.ts';
