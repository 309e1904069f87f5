import { type Described, type DescribedParameter, operationsOf, type PlacedOperation } from './described.ts';

/**
 * An OpenAPI document of schemas alone, of which a generator makes the types of the client: those of the API, as far as its operations
 * lead to them, and one called `Operations` with the path, query, body and reply (or `line`, of a reply in lines) of each. All that
 * a generator writes about an operation otherwise would be four times as much.
 */
export function reducedDocument(document: Described): object {
  const Operations = strictObject(
    Object.fromEntries(operationsOf(document).map((operation) => [operation.id, partsOf(operation)])),
  );
  const schemas = { ...document.components.schemas, Operations };
  return {
    openapi: '3.1.1',
    info: { title: 'Types of the client', version: '0' },
    paths: {},
    components: { schemas: { ...reached(['Problem', 'Operations'], schemas) } },
  };
}

function partsOf({ parameters, body, reply }: PlacedOperation): object {
  const among = (place: string): Record<string, unknown> => {
    const ofPlace = parameters.filter((parameter) => parameter.in === place);
    return ofPlace.length === 0 ? {} : { [place]: objectOf(ofPlace) };
  };
  const isLines = reply?.mediaType === 'application/x-ndjson';
  return strictObject({
    ...among('path'),
    ...among('query'),
    ...(body && { body: body.schema }),
    ...(reply && { [isLines ? 'line' : 'reply']: reply.schema }),
  });
}

const objectOf = (parameters: readonly DescribedParameter[]): object => ({
  type: 'object',
  properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
  required: parameters.filter(({ required }) => required).map(({ name }) => name),
  additionalProperties: false,
});

const strictObject = (properties: Readonly<Record<string, unknown>>): object => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/**
 * What says nothing of a type. @NOTE `default` above all: it is what the service does where a field is missing, and generators
 * would make the field mandatory.
 */
const untyped = new Set(['description', 'title', 'default', 'example', 'examples', 'pattern', 'format']);

/** A schema without the words that say nothing of a type; names of properties stay, whatever they are. */
function typesOf(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => typesOf(item));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => areNames || !untyped.has(key))
      .map(([key, item]) => [key, typesOf(item, key === 'properties' && !areNames)]),
  );
}

/** Some schemas, and those that they refer to. */
function reached(
  names: readonly string[],
  schemas: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result = new Map<string, unknown>();
  const follow = (name: string): void => {
    if (!result.has(name)) {
      result.set(name, typesOf(schemas[name]));
      const text = JSON.stringify(result.get(name));
      [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].forEach(([, next = '']) => {
        follow(next);
      });
    }
  };
  names.forEach(follow);
  return Object.fromEntries([...result].sort(([a], [b]) => (a < b ? -1 : 1)));
}
