export { buildOpenApi } from './build-open-api.ts';
export { errorsOf } from './errors-of.ts';
export type { OpenApiDocument, PathItem } from './open-api-types.ts';
export { serveDocuments } from './serve-documents.ts';
