import type { JsonSchema, OpenApiDocument, Operation } from './open-api-types.ts';

type Described = Readonly<Record<string, unknown>>;

/**
 * What a document leaves unsaid: operations, tags, servers, parameters, bodies, replies, headers, schemas and properties without
 * a description; choices of words that are no named component, or two of them; ids of different things with one example. Empty
 * for a document that says everything.
 */
export function descriptionFaults(document: OpenApiDocument): readonly string[] {
  const { schemas, parameters, headers, securitySchemes } = document.components;
  const named: [string, unknown][] = [
    ...Object.entries({ ...parameters, ...headers, ...securitySchemes }),
    ...document.tags.map((tag): [string, unknown] => [tag.name, tag]),
    ...document.servers.map((server): [string, unknown] => [server.url, server]),
  ];
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  return [
    ...named.flatMap(([name, value]) => undescribed(value, name)),
    ...operations.flatMap(operationFaults),
    ...Object.entries(schemas).flatMap(([name, schema]) => [
      ...undescribed(schema, name),
      ...schemaFaults({ ...schema, enum: undefined }, name),
      ...exampleFaults(schema, name),
    ]),
    ...repeated(schemas, (schema) => schema['enum'], 'are the same choice of words'),
    ...repeated(schemas, idOf, 'have the same id for an example'),
  ];
}

function operationFaults(operation: Operation): readonly string[] {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const bodies = [requestBody ?? {}, ...Object.values(responses)].flatMap((body) =>
    'content' in body ? Object.values(body.content ?? {}) : [],
  );
  return [
    ...undescribed(operation, operationId),
    ...parameters.flatMap((parameter) =>
      undescribed(parameter, `${operationId} ${JSON.stringify(parameter)}`),
    ),
    ...(requestBody === undefined ? [] : undescribed(requestBody, `the body of ${operationId}`)),
    ...Object.entries(responses).flatMap(([status, reply]) => undescribed(reply, `${operationId} ${status}`)),
    ...parameters.flatMap((one) =>
      'schema' in one ? schemaFaults(one.schema, `${operationId} ${one.name}`) : [],
    ),
    ...bodies.flatMap(({ schema }) => schemaFaults(schema, operationId)),
  ];
}

/** References and alternatives are described where they lead to. */
const undescribed = (value: unknown, where: string): readonly string[] => {
  const { description, $ref, anyOf } = value as Described;
  return description || $ref || anyOf ? [] : [`${where} has no description`];
};

function schemaFaults(schema: JsonSchema, where: string): readonly string[] {
  const {
    properties = {},
    items,
    anyOf = [],
    enum: words,
  } = schema as { properties?: Record<string, JsonSchema> } & {
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    enum?: unknown[];
  };
  return [
    ...(words !== undefined && words.length > 1 ? [`${where} is a choice of words without a name`] : []),
    ...Object.entries(properties).flatMap(([name, property]) => [
      ...undescribed(property, `${where}.${name}`),
      ...schemaFaults(property, `${where}.${name}`),
    ]),
    ...[...(items === undefined ? [] : [items]), ...anyOf].flatMap((each) => schemaFaults(each, where)),
  ];
}

/** @NOTE `org_id` and `organization_id` are two names of one thing. */
function exampleFaults({ properties = {} }: JsonSchema, where: string): readonly string[] {
  const ids = Object.entries(properties as Record<string, JsonSchema>)
    .filter(([name, { format }]) => format === 'uuid' && name !== 'organization_id')
    .filter(([name]) => !name.endsWith('_by'))
    .map(([, { examples }]) => JSON.stringify(examples));
  return new Set(ids).size < ids.length ? [`${where} has one example for different ids`] : [];
}

const idOf = ({ properties = {} }: JsonSchema): unknown =>
  (properties as Record<string, JsonSchema>)['id']?.['examples'];

function repeated(
  schemas: Readonly<Record<string, JsonSchema>>,
  traitOf: (schema: JsonSchema) => unknown,
  fault: string,
): readonly string[] {
  const entries = Object.entries(schemas).filter(([, schema]) => traitOf(schema) !== undefined);
  return [...Map.groupBy(entries, ([, schema]) => JSON.stringify(traitOf(schema))).values()]
    .filter((group) =>
      group.some(([, one]) => group.some(([, other]) => one !== other && !isView(one, other))),
    )
    .map((group) => `${group.map(([name]) => name).join(' and ')} ${fault}`);
}

/** Whether one of two schemas shows the same thing as the other, or a part of it. */
function isView(one: JsonSchema, other: JsonSchema): boolean {
  const [fewer = [], more = []] = [one, other]
    .map(({ properties = {} }) => Object.keys(properties as JsonSchema))
    .sort((a, b) => a.length - b.length);
  return fewer.length > 0 && fewer.every((name) => more.includes(name));
}
