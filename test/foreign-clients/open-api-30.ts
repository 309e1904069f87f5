/**
 * An OpenAPI 3.1 document in the words of 3.0, for the one generator of Python that npm has with all that it runs. @NOTE without
 * patterns: it takes the slash and the flags of a Perl expression for a part of each, and refuses those that look ahead.
 */
export function openApi30(document: unknown): object {
  const { openapi: _, info, components, ...rest } = spoken(document) as Readonly<Record<string, object>>;
  return {
    openapi: '3.0.3',
    ...rest,
    info: { ...info, license: { name: 'MIT' } },
    components: { ...components, examples: {} },
  };
}

const left = new Set(['examples', 'example', 'default', 'pattern']);

/** A part of the document, in other words; `areNames` where its keys are names that somebody gave. */
function spoken(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => spoken(item));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).filter(([key]) => areNames || !left.has(key));
  const result = Object.fromEntries(
    entries.flatMap(([key, item]) =>
      areNames ? [[key, spoken(item)]] : wordsOf(key, item, spoken(item, key === 'properties')),
    ),
  );
  return areNames ? result : withoutNull(result);
}

/** One word of 3.1 as those of 3.0 that say the same. */
function wordsOf(key: string, item: unknown, said: unknown): [string, unknown][] {
  if (key === 'const') {
    return [['enum', [item]]];
  }
  if (key === 'exclusiveMinimum' && typeof item === 'number') {
    return [
      ['minimum', item],
      ['exclusiveMinimum', true],
    ];
  }
  if (key === 'type' && Array.isArray(item)) {
    const types = item.filter((type) => type !== 'null');
    return [
      ...(types.length < item.length ? [['nullable', true] as [string, unknown]] : []),
      ...(types.length === 1 ? [['type', types[0]] as [string, unknown]] : []),
    ];
  }
  // @NOTE in 3.0 scopes are OAuth's alone.
  if (key === 'security' && Array.isArray(item)) {
    return [[key, item.map((schemes) => Object.fromEntries(Object.keys(schemes).map((name) => [name, []])))]];
  }
  return [[key, said]];
}

/** `anyOf` with null, as `nullable`. */
function withoutNull(schema: Readonly<Record<string, unknown>>): unknown {
  const { anyOf, ...others } = schema;
  if (!Array.isArray(anyOf)) {
    return schema;
  }
  const rest = anyOf.filter(({ type }) => type !== 'null');
  if (rest.length === anyOf.length) {
    return schema;
  }
  return { ...others, nullable: true, ...(rest.length === 1 ? { allOf: rest } : { anyOf: rest }) };
}
