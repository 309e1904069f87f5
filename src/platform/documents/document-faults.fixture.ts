import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema, MediaType, OpenApiDocument, Operation } from './open-api-types.ts';

/**
 * What is wrong with a document: references to nothing, schemas that are none, examples that their schemas refuse,
 * operations whose path parameters are not those of the path. Empty for a sound document.
 */
export function documentFaults(document: OpenApiDocument): readonly string[] {
  const validator = new DocumentValidator(document);
  const { schemas, parameters, headers } = document.components;
  const faults = [
    ...validator.referenceFaults(document),
    ...Object.entries(schemas).flatMap(([name, schema]) =>
      validator.schemaFaults(schema, `/components/schemas/${name}`),
    ),
  ];
  if (faults.length > 0) {
    return faults;
  }
  return [
    ...Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).flatMap((operation) => pathFaults(path, operation, validator)),
    ),
    ...validator.exampleFaults(document.paths, '/paths'),
    ...validator.exampleFaults(schemas, '/components/schemas'),
    ...validator.exampleFaults(parameters, '/components/parameters'),
    ...validator.exampleFaults(headers, '/components/headers'),
  ];
}

class DocumentValidator {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });

  constructor(document: OpenApiDocument) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ ...document }, 'document');
  }

  /** The value that a JSON pointer leads to. */
  at(pointer: string): unknown {
    return pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (value, part) => (value as Record<string, unknown> | undefined)?.[part],
        this.#document,
      );
  }

  /** A thing, or what it refers to. */
  resolved(value: unknown): Readonly<Record<string, unknown>> {
    const { $ref } = value as { $ref?: string };
    return ($ref === undefined ? value : this.at($ref.slice(1))) as Record<string, unknown>;
  }

  referenceFaults(value: unknown): readonly string[] {
    if (typeof value !== 'object' || value === null) {
      return [];
    }
    return Object.entries(value).flatMap(([key, child]) =>
      key === '$ref' && (!String(child).startsWith('#/') || this.at(String(child).slice(1)) === undefined)
        ? [`${child} leads to nothing`]
        : this.referenceFaults(child),
    );
  }

  schemaFaults(schema: JsonSchema, pointer: string): readonly string[] {
    return this.#ajv.validateSchema(schema) === true
      ? []
      : [`${pointer} is no JSON Schema: ${this.#ajv.errorsText()}`];
  }

  /** The examples in anything below `pointer` that their schemas refuse. */
  exampleFaults(value: unknown, pointer: string): readonly string[] {
    if (typeof value !== 'object' || value === null) {
      return [];
    }
    return [
      ...('schema' in value ? this.#refusedOfMedia(value as MediaType, pointer) : []),
      ...('examples' in value && Array.isArray(value.examples) ? this.#refused(value.examples, pointer) : []),
      ...Object.entries(value)
        .filter(([key]) => key !== 'example' && key !== 'examples')
        .flatMap(([key, child]) => this.exampleFaults(child, `${pointer}/${escaped(key)}`)),
    ];
  }

  #refusedOfMedia({ schema, example, examples = {} }: MediaType, pointer: string): readonly string[] {
    const at = `${pointer}/schema`;
    const faults = this.schemaFaults(schema, at);
    const named = Object.values(examples).map((one) => this.resolved(one)['value']);
    return faults.length > 0
      ? faults
      : this.#refused([...(example === undefined ? [] : [example]), ...named], at);
  }

  #refused(examples: readonly unknown[], pointer: string): readonly string[] {
    const validate = this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}` });
    return examples
      .filter((value) => !validate(value))
      .map((value) => `${pointer} refuses its example ${JSON.stringify(value)}`);
  }
}

function pathFaults(path: string, operation: Operation, validator: DocumentValidator): readonly string[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const declared = (operation.parameters ?? [])
    .map((parameter) => validator.resolved(parameter))
    .filter((parameter) => parameter['in'] === 'path' && parameter['required'] === true)
    .map(({ name }) => name);
  return inPath.toSorted().join() === declared.toSorted().join()
    ? []
    : [`${operation.operationId}: ${path} has the parameters ${declared.join()}`];
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');
