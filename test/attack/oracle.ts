import { readFileSync } from 'node:fs';
import { scimDialect } from '../../src/features/scim/index.ts';
import { permissions, type Requirement } from '../../src/platform/auth/permissions.ts';
import { type KeyRequirement, keyRequirements } from '../../src/platform/auth/scopes.ts';
import type { JsonSchema, OpenApiDocument, Parameter } from '../../src/platform/documents/open-api-types.ts';
import type { Route } from '../../src/platform/http/route.ts';
import { apiDocument } from '../../src/service/api-document.ts';
import type { TestApp } from '../harness/app.ts';
import { placeOf } from '../harness/client.ts';

/** What is said in public of a route: all that the attack knows of it. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** Under /api/v1, or of SCIM with its prefix; parameters as `:team_id`. */
  readonly url: string;
  /** The status of a success. */
  readonly status: number;
  readonly permission: Route['permission'];
  readonly least: Requirement | 'public' | 'operator';
  /** What it takes of an API key; undefined where no caller is known. */
  readonly key: KeyRequirement | undefined;
  readonly example: unknown;
  readonly body: JsonSchema | undefined;
  readonly parameters: readonly Parameter[];
}

/** What the service says that it does: its judge. */
export interface Oracle {
  readonly operations: readonly Operation[];
  readonly document: OpenApiDocument;
}

/** Every operation that the service has: of callers, of directories, and of the operator. */
export const everyRoute = ({ app }: TestApp): readonly Route[] => [
  ...app.routes,
  ...app.scimRoutes,
  ...app.operatorRoutes,
];

/**
 * The oracle of these routes; where `ATTACK_ORACLE` names a file that was kept of another tree, that one: a tree that something was taken
 * from is not its own judge.
 */
export function oracleOf(routes: readonly Route[]): Oracle {
  const file = process.env['ATTACK_ORACLE'];
  return file === undefined ? stated(routes) : (JSON.parse(readFileSync(file, 'utf8')) as Oracle);
}

function stated(routes: readonly Route[]): Oracle {
  const document = JSON.parse(JSON.stringify(apiDocument(routes))) as OpenApiDocument;
  return { operations: routes.map((route) => operationOf(route, document)), document };
}

function operationOf(route: Route, { paths, components }: OpenApiDocument): Operation {
  const { operationId, method, status, permission, example, dialect } = route;
  const url = `${dialect?.prefix ?? ''}${route.url}`;
  const path = paths[templateOf(url)];
  const described = path?.[method.toLowerCase() as 'get'];
  const parameters = (described?.parameters ?? []).map((each) =>
    '$ref' in each ? components.parameters[each.$ref.split('/').at(-1) ?? ''] : each,
  );
  const isOfCaller = permission !== 'public' && permission !== 'operator';
  return {
    operationId,
    method,
    url,
    status,
    permission,
    least: isOfCaller ? permissions[permission] : permission,
    key: isOfCaller ? keyRequirements[permission] : undefined,
    example,
    body: described?.requestBody?.content['application/json']?.schema,
    parameters: parameters.filter((each) => each !== undefined),
  };
}

/** The url as the document has it. */
export const templateOf = (url: string): string => `${placeOf(url)}${url.replace(/:(\w+)/g, '{$1}')}`;

/** Whether a directory asks for it, in the words of SCIM. */
export const isOfScim = ({ url }: Pick<Operation, 'url'>): boolean =>
  url.startsWith(`${scimDialect.prefix}/`);

/** Whether it says what it is about by its path. @NOTE what SCIM tells of itself has names there, too, which are everybody's. */
export const namesResource = ({ url }: Pick<Operation, 'url'>): boolean =>
  url.includes(':') && !/\/(ResourceTypes|Schemas)\/:id$/.test(url);
