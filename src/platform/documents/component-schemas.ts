import { isDeepStrictEqual } from 'node:util';
import { annotates } from '../schemas/common-schemas.ts';
import type { JsonSchema } from './open-api-types.ts';

/** Keywords of JSON Schema whose value is a schema, a list of schemas, or schemas by name. */
const single = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const listed = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const named = new Set(['$defs', 'dependentSchemas', 'patternProperties', 'properties']);

/** Collects the schemas that have a title, so that a document holds each once and refers to it elsewhere. */
export class ComponentSchemas {
  readonly #schemas = new Map<string, JsonSchema>();

  /**
   * The schema as it stands in the document: a `$ref` where it has a title, with what is said of it here alone beside it; else
   * itself with the titled ones inside replaced. Throws where two different schemas have one title.
   */
  refer(schema: JsonSchema): JsonSchema {
    const { title, type } = schema;
    if (typeof title !== 'string') {
      return this.#copy(schema);
    }
    const { [annotates]: original = schema } = schema as { [annotates]?: JsonSchema };
    const annotations = differing(schema, original, ['description', 'default', 'examples']);
    if (Array.isArray(type) && type.includes('null')) {
      const [only, ...others] = type.filter((name) => name !== 'null');
      const taken = { ...original, type: others.length === 0 ? only : [only, ...others] };
      return { anyOf: [this.#reference(title, taken), { type: 'null' }], ...annotations };
    }
    return { ...this.#reference(title, original), ...annotations };
  }

  /** The collected schemas, by name. */
  toRecord(): Readonly<Record<string, JsonSchema>> {
    const byName = [...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(byName);
  }

  #reference(title: string, schema: JsonSchema): JsonSchema {
    return { $ref: `#/components/schemas/${this.#add(title, schema)}` };
  }

  #add(title: string, schema: JsonSchema): string {
    const name = title.replaceAll(' ', '');
    if (!/^[\w.-]+$/.test(name)) {
      throw new Error(`The schema title "${title}" has characters that the name of a component cannot have`);
    }
    const copy = this.#copy(schema);
    const known = this.#schemas.get(name);
    if (known !== undefined && !isDeepStrictEqual(known, copy)) {
      throw new Error(`Two different schemas have the title "${title}"; give one of them another`);
    }
    this.#schemas.set(name, copy);
    return name;
  }

  #copy(schema: JsonSchema): JsonSchema {
    return Object.fromEntries(
      Object.entries(schema)
        // @NOTE `$id` is how a validator caches schemas; in a document it would change what `$ref` is relative to.
        .filter(([keyword]) => keyword !== '$id')
        .map(([keyword, value]) => [keyword, this.#copyValue(keyword, value)]),
    );
  }

  #copyValue(keyword: string, value: unknown): unknown {
    if (named.has(keyword)) {
      return Object.fromEntries(
        Object.entries(value as JsonSchema).map(([name, schema]) => [name, this.#nested(schema)]),
      );
    }
    if (listed.has(keyword)) {
      return (value as readonly unknown[]).map((schema) => this.#nested(schema));
    }
    return single.has(keyword) ? this.#nested(value) : value;
  }

  /** A schema can also be `true` or `false`. */
  #nested(schema: unknown): unknown {
    return typeof schema === 'boolean' ? schema : this.refer(schema as JsonSchema);
  }
}

/** Those of the keywords that a schema has otherwise than another one. */
const differing = (schema: JsonSchema, other: JsonSchema, keywords: readonly string[]): JsonSchema =>
  Object.fromEntries(
    keywords
      .filter((keyword) => schema[keyword] !== other[keyword])
      .map((keyword) => [keyword, schema[keyword]]),
  );
