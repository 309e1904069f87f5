import { registerHooks } from 'node:module';
import { type Described, operationsOf, type PlacedOperation } from './described.ts';
import { reducedDocument } from './reduced-document.ts';

// @NOTE openapi-typescript writes by the compiler API, which TypeScript 7 does not have yet: see scripts/boundaries/imports.ts.
registerHooks({
  resolve: (specifier, context, next) => {
    const isAsked = specifier === 'typescript' && context.parentURL?.includes('/openapi-typescript/');
    return next(isAsked ? 'typescript-api' : specifier, context);
  },
});

const note = '// Written by `npm run generate` from the OpenAPI document of the service.\n';
const tableHead = `${note}import type { Operation } from '../request.ts';

/** Each operation by its name. */
export const table: Readonly<Record<string, Operation>> = `;
const codesHead = `${note}/** The codes of the service's problem documents. */
export type ErrorCode =
`;

/** The generated files of the client by their names, made of the service's OpenAPI document. */
export async function generatedFiles(document: Described): Promise<Readonly<Record<string, string>>> {
  const { astToString, default: openapiTypescript } = await import('openapi-typescript');
  const nodes = await openapiTypescript(JSON.stringify(reducedDocument(document)), { silent: true });
  const components = nodes.filter((node) => nameOf(node) === 'components');
  return {
    'schema.ts': `${note}${astToString(components)}`,
    'table.ts': `${tableHead}${JSON.stringify(tableOf(operationsOf(document)), null, 2)};\n`,
    'error-codes.ts': `${codesHead}${codesOf(document)};\n`,
  };
}

/** @NOTE it writes the types of paths and webhooks, of which there are none, too. */
const nameOf = (node: object): unknown =>
  'name' in node && typeof node.name === 'object' && node.name !== null && 'text' in node.name
    ? node.name.text
    : undefined;

/** What a client must know of each operation to call it, in the words of sdk/src/request.ts. */
const tableOf = (operations: readonly PlacedOperation[]): Readonly<Record<string, object>> =>
  Object.fromEntries(
    operations.map(({ id, method, path, parameters, body, reply }) => [
      id,
      {
        method,
        path,
        ...(parameters.some(({ name }) => name === 'Idempotency-Key') && { takesKey: true }),
        ...(reply?.mediaType === 'application/x-ndjson' && { answersLines: true }),
        ...(body && body.mediaType !== 'application/json' && { bodyType: body.mediaType }),
      },
    ]),
  );

const codesOf = ({ components }: Described): string =>
  Object.keys(components.examples)
    .sort()
    .map((code) => `  | '${code}'`)
    .join('\n');
