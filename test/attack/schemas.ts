import type { JsonSchema, OpenApiDocument } from '../../src/platform/documents/open-api-types.ts';

/** A schema of the document with what it refers to in its place. */
export function resolved(schema: JsonSchema, document: OpenApiDocument): JsonSchema {
  const { $ref, ...own } = schema as { $ref?: string };
  if ($ref === undefined) {
    return schema;
  }
  const name = $ref.split('/').at(-1) ?? '';
  const target = document.components.schemas[name];
  if (target === undefined) {
    throw new Error(`${$ref} is not in the document`);
  }
  return { ...resolved(target, document), ...own };
}

/** The fields that a reply of the document has: those that only the service may write are among them. */
export function fieldsOfReply(document: OpenApiDocument, schema: JsonSchema | undefined): readonly string[] {
  const { properties = {}, items } = resolved(schema ?? {}, document) as {
    properties?: Record<string, JsonSchema>;
    items?: JsonSchema;
  };
  return [...Object.keys(properties), ...(items === undefined ? [] : fieldsOfReply(document, items))];
}
