import { readFileSync } from 'node:fs';
import { permissions, type Requirement } from '../../src/platform/auth/permissions.ts';
import { type KeyRequirement, keyRequirements } from '../../src/platform/auth/scopes.ts';
import type { JsonSchema, OpenApiDocument, Parameter } from '../../src/platform/documents/open-api-types.ts';
import type { Route } from '../../src/platform/http/route.ts';
import { apiDocument } from '../../src/service/api-document.ts';

/** What is said in public of a route: all that the attack knows of it. */
export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** Under /api/v1; parameters as `:team_id`. */
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
  const { operationId, method, url, status, permission, example } = route;
  const path = paths[`/api/v1${url.replace(/:(\w+)/g, '{$1}')}`];
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

/** Whether it says what it changes by its path. */
export const namesResource = ({ url }: Pick<Operation, 'url'>): boolean => url.includes(':');
