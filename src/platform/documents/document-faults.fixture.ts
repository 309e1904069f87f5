import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { MediaType, OpenApiDocument, Operation } from './open-api-types.ts';

/**
 * What is wrong with a document: references to nothing, schemas that are none, examples that their schemas refuse,
 * operations whose path parameters are not those of the path. Empty for a sound document.
 */
export function documentFaults(document: OpenApiDocument): readonly string[] {
  const validator = new DocumentValidator(document);
  const ofPaths = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => [
      ...pathFaults(path, operation, validator),
      ...validator.exampleFaults(operation, `/paths/${escaped(path)}/${method}`),
    ]),
  );
  const ofComponents = ['parameters', 'headers'].map((kind) =>
    validator.exampleFaults(validator.at(`/components/${kind}`), `/components/${kind}`),
  );
  return [...validator.referenceFaults(document), ...ofPaths, ...ofComponents.flat()];
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

  /** The examples in anything below `pointer` that their schemas refuse. */
  exampleFaults(value: unknown, pointer: string): readonly string[] {
    if (typeof value !== 'object' || value === null) {
      return [];
    }
    const own = 'schema' in value ? this.#refused(value as MediaType, pointer) : [];
    return [
      ...own,
      ...Object.entries(value)
        .filter(([key]) => key !== 'schema')
        .flatMap(([key, child]) => this.exampleFaults(child, `${pointer}/${escaped(key)}`)),
    ];
  }

  #refused({ schema, example, examples = {} }: MediaType, pointer: string): readonly string[] {
    if (this.#ajv.validateSchema(schema) !== true) {
      return [`${pointer}/schema is no JSON Schema: ${this.#ajv.errorsText()}`];
    }
    const validate = this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}/schema` });
    const given = [
      ...(example === undefined ? [] : [example]),
      ...((this.resolved(schema)['examples'] ?? []) as unknown[]),
      ...Object.values(examples).map((one) => this.resolved(one)['value']),
    ];
    return given
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
