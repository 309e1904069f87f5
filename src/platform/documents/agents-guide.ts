import { agentsRules } from './agents-rules.ts';
import type {
  JsonSchema,
  MediaType,
  OpenApiDocument,
  Operation,
  Parameter,
  Reference,
} from './open-api-types.ts';

/**
 * The whole API in few words, for language models, in Markdown: what a key may call with its scope, parameters, fields and reply, then what
 * takes a person or the operator by name alone. Made of the document, so that it names nothing that is not there.
 */
export function agentsGuide(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const forKeys = operations.filter(({ operation }) => isForKeys(operation));
  const forOthers = operations.filter(({ operation }) => !isForKeys(operation));
  const sections = [...Map.groupBy(forKeys, ({ operation }) => operation.tags[0] ?? '')].map(
    ([tag, ofTag]) => `### ${tag}\n\n${ofTag.map((each) => `- ${inFull(document, each)}`).join('\n')}\n`,
  );
  const names = [...Map.groupBy(forOthers, ({ operation }) => operation.tags[0] ?? '')].map(
    ([tag, ofTag]) => `- ${tag}: ${ofTag.map(inShort).join(', ')}`,
  );
  return [
    agentsRules,
    '## What a key may call\n',
    'Operation, request, the scope that it takes. Parameters after `?`, fields of the body in braces, `*` for what must be there, `→` what comes back.',
    'Paths begin with `/api/v1`, but for `/scim`, `/health` and `/metrics`.\n',
    ...sections,
    `### Words\n\n${wordsOf(document, forKeys)}\n`,
    `### What comes back\n\n${repliesOf(document, forKeys)}\n`,
    '## The rest: for people, directories and operators\n',
    'Your key is refused there, or not asked for; `/openapi.json` says what each takes.\n',
    ...names,
    '',
  ].join('\n');
}

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

const scopesOf = ({ security }: Operation): readonly string[] =>
  security.flatMap(({ apiKey }) => (apiKey === undefined ? [] : apiKey.length > 0 ? apiKey : ['any key']));

const isForKeys = (operation: Operation): boolean =>
  scopesOf(operation).some((scope) => scope !== 'scim:write');

function inFull(document: OpenApiDocument, { path, method, operation }: Placed): string {
  const parameters = (operation.parameters ?? []).map((parameter) => resolved(document, parameter));
  const query = parameters.filter((parameter) => parameter.in === 'query').map(nameOf);
  const headers = new Set(parameters.map(({ name }) => name));
  const body = operation.requestBody?.content['application/json']?.schema;
  const answered = replyOf(operation);
  return [
    `\`${operation.operationId}\` ${method} ${path.replace('/api/v1', '')}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    ...(body === undefined ? [] : [fieldsOf(document, body)]),
    `→ ${answered === undefined ? 'nothing' : typeName(answered.schema)};`,
    scopesOf(operation).join(', '),
    ...(headers.has('Idempotency-Key') ? ['*key*'] : []),
    ...(headers.has('If-Match') ? ['*etag*'] : []),
  ].join(' ');
}

const inShort = ({ path, method, operation }: Placed): string =>
  `${operation.operationId} ${method} ${path.replace('/api/v1', '')}`;

const nameOf = ({ name, required }: { name: string; required?: boolean }): string =>
  `${name}${required ? '*' : ''}`;

function fieldsOf(document: OpenApiDocument, schema: JsonSchema): string {
  const { properties = {}, required = [] } = schemaOf(document, schema) as {
    properties?: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  };
  const names = Object.keys(properties).map((name) => nameOf({ name, required: required.includes(name) }));
  return `{${names.join(', ')}}`;
}

/** The words that enumerations of these operations' parameters and bodies take, each once. */
function wordsOf(document: OpenApiDocument, operations: readonly Placed[]): string {
  const asked = operations.flatMap(({ operation }) => [
    ...(operation.parameters ?? []).map((parameter) => resolved(document, parameter).schema),
    ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schemaOf(document, schema)),
  ]);
  const named = new Set(
    [...JSON.stringify(asked).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name),
  );
  return Object.entries(document.components.schemas)
    .flatMap(([name, { enum: words }]) =>
      named.has(name) && Array.isArray(words) ? [`- ${name}: ${words.join(', ')}`] : [],
    )
    .join('\n');
}

/** The fields of what these operations answer, but for pages, which are all alike. */
function repliesOf(document: OpenApiDocument, operations: readonly Placed[]): string {
  const names = operations.flatMap(({ operation }) => {
    const reply = replyOf(operation);
    return reply === undefined ? [] : [typeName(reply.schema).replace('[]', '').replace(/Page$/, '')];
  });
  return [...new Set(names)]
    .sort()
    .flatMap((name) => {
      const schema = document.components.schemas[name];
      const fields = Object.keys((schema?.['properties'] as object | undefined) ?? {});
      return fields.length === 0 ? [] : [`- ${name}: ${fields.join(', ')}`];
    })
    .join('\n');
}

const replyOf = ({ responses }: Operation): MediaType | undefined => {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  return Object.values(success?.content ?? {})[0];
};

const typeName = (schema: JsonSchema): string =>
  typeof schema['$ref'] === 'string'
    ? schema['$ref'].slice(schema['$ref'].lastIndexOf('/') + 1)
    : schema['type'] === 'array'
      ? `${typeName(schema['items'] as JsonSchema)}[]`
      : 'JSON';

const schemaOf = (document: OpenApiDocument, schema: JsonSchema): JsonSchema =>
  typeof schema['$ref'] === 'string' ? (document.components.schemas[typeName(schema)] ?? {}) : schema;

function resolved(document: OpenApiDocument, parameter: Parameter | Reference): Parameter {
  if (!('$ref' in parameter)) {
    return parameter;
  }
  const name = parameter.$ref.slice(parameter.$ref.lastIndexOf('/') + 1);
  const shared = document.components.parameters[name];
  if (shared === undefined) {
    throw new Error(`the document has no parameter ${name}`);
  }
  return shared;
}
