import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Input } from './input.ts';
import type { Operation, Oracle } from './oracle.ts';

/** Where an input is not what the published document says that it takes: pointers as the service gives them. */
export type Judge = (operation: Operation, input: Input) => readonly string[];

/** Where browsers come from a provider, and directories call, which add parameters of their own; nobody looks at them. */
const takesAnyQuery = /^((okta|oidc|provider)(Login|Callback)|scim.+)$/;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A validator made of the OpenAPI document alone, by nothing of the service. */
export function createJudge({ document }: Oracle): Judge {
  const validators = new Map<string, ValidateFunction>();
  const ajvOf = (isText: boolean): Ajv2020 => {
    const ajv = new Ajv2020({
      strict: false,
      allErrors: true,
      validateSchema: false,
      ...(isText ? { coerceTypes: 'array' as const } : {}),
    });
    addFormats.default(ajv);
    ajv.addFormat('uuid', uuid);
    return ajv;
  };
  const [ofBodies, ofText] = [ajvOf(false), ajvOf(true)];
  const components = { components: document.components };
  const partOf = (operation: Operation, part: 'path' | 'query'): object => {
    const own = operation.parameters.filter((each) => each.in === part);
    return {
      type: 'object',
      properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
      required: own.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: part === 'query' && takesAnyQuery.test(operation.operationId),
    };
  };
  const compiled = (key: string, ajv: Ajv2020, schema: () => object): ValidateFunction => {
    const known = validators.get(key) ?? ajv.compile({ ...schema(), ...components });
    validators.set(key, known);
    return known;
  };
  return (operation, { params, query, body, raw }) => {
    const { operationId } = operation;
    const faultsIn = (prefix: string, validate: ValidateFunction, value: unknown): string[] =>
      validate(structuredClone(value)) ? [] : (validate.errors ?? []).map((each) => prefix + pointerOf(each));
    const schema = operation.body;
    return [
      ...faultsIn(
        '/path',
        compiled(`${operationId} path`, ofText, () => partOf(operation, 'path')),
        params,
      ),
      ...faultsIn(
        '/query',
        compiled(`${operationId} query`, ofText, () => partOf(operation, 'query')),
        asText(query),
      ),
      ...(schema === undefined || raw !== undefined
        ? []
        : faultsIn(
            '',
            compiled(`${operationId} body`, ofBodies, () => schema),
            body,
          )),
    ];
  };
}

function pointerOf({ instancePath, params }: ErrorObject): string {
  const name = params['additionalProperty'] ?? params['missingProperty'];
  return typeof name === 'string' ? `${instancePath}/${name}` : instancePath;
}

/** The query as it comes over the wire: text, and a list only of what is given more than once. */
const asText = (query: Input['query']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const texts = [value].flat().map(String);
      return [name, texts.length === 1 ? texts[0] : texts];
    }),
  );
