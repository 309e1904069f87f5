import type { Route } from '../http/route.ts';
import type { ComponentSchemas } from './component-schemas.ts';
import type { JsonSchema, Parameter, Reference } from './open-api-types.ts';
import { parameterReference } from './shared-components.ts';

/** The parameters of a route: of its path, its query and its headers. Throws where path and `params` differ. */
export function parametersOf(route: Route, schemas: ComponentSchemas): readonly (Parameter | Reference)[] {
  const path = fieldsOf('path', route.params as JsonSchema | undefined, schemas);
  requireSameNames(
    route,
    path.map(({ name }) => name),
  );
  return [
    ...path,
    ...fieldsOf('query', route.query as JsonSchema | undefined, schemas),
    ...(route.idempotent ? [parameterReference('IdempotencyKey')] : []),
    ...(route.ifMatch ? [parameterReference('IfMatch')] : []),
    ...(takesKnownTag(route) ? [parameterReference('IfNoneMatch')] : []),
    ...(route.method === 'GET' && route.permission !== 'operator' ? [parameterReference('Position')] : []),
    parameterReference('RequestId'),
  ];
}

/** Whether it answers 304 to who holds the reply. */
export const takesKnownTag = ({ method, contentTag }: Route): boolean =>
  method === 'GET' && contentTag !== undefined;

/** The path as OpenAPI writes it: `/teams/{team_id}`. */
export const templateOf = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}');

function fieldsOf(
  place: 'path' | 'query',
  schema: JsonSchema | undefined,
  schemas: ComponentSchemas,
): readonly Parameter[] {
  const { properties = {}, required = [] } = schema ?? {};
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const { description } = field;
    // @NOTE what the parameter says is not said again by its schema.
    const { description: _, ...schema } = schemas.refer(field);
    return {
      name,
      in: place,
      ...(place === 'path' || (required as readonly string[]).includes(name) ? { required: true } : {}),
      ...(typeof description === 'string' ? { description } : {}),
      schema,
    };
  });
}

function requireSameNames({ operationId, url }: Route, declared: readonly string[]): void {
  const inUrl = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const odd = [...inUrl, ...declared].filter((name) => !inUrl.includes(name) || !declared.includes(name));
  if (odd.length > 0) {
    throw new Error(`${operationId}: the url and the schema of params must both name ${odd.join(', ')}`);
  }
}
