import { type Static, type TSchema, Type } from 'typebox';

/** The schema of which another one is a use that says more of itself; see `annotated`. */
export const annotates = Symbol('annotates');

/** What a schema says of itself beside what it takes. */
interface Annotations {
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/**
 * A schema where it is used, with words, a default or examples of its own: documents show these beside a reference to the
 * schema itself where that has a title. @NOTE a default of a body is a statement, which nothing fills in; see `validation.ts`.
 */
export const annotated = <Schema extends TSchema>(schema: Schema, annotations: Annotations) => {
  const { [annotates]: original = schema } = schema as { [annotates]?: TSchema };
  return Type.Unsafe<Static<Schema>>({ ...schema, ...annotations, [annotates]: original });
};

/** A schema whose words say one thing more where it is used. */
export const noted = <Schema extends TSchema>(schema: Schema, note: string) => {
  const { description = '' } = schema as { description?: string };
  return annotated(schema, { description: `${description} ${note}` });
};

/** A field of a body that may be left out, and what it is then. */
export const withDefault = <Schema extends TSchema>(schema: Schema, value: Static<Schema>) =>
  Type.Optional(annotated(schema, { default: value }));

/** An id: a UUID, any version; new ones are version 7. Upper case is accepted. */
export const Uuid = Type.String({ format: 'uuid', examples: ['01890a5d-ac96-774b-bcce-b302099a8057'] });

/** An instant: RFC 3339, UTC, milliseconds. */
export const Timestamp = Type.String({ format: 'date-time', examples: ['2025-10-24T04:00:00.000Z'] });

/** An instant that is kept in milliseconds: one that says more is refused. */
export const MillisecondTimestamp = Type.String({
  format: 'date-time',
  pattern: '^(?!.*\\.\\d{3}\\d*[1-9])',
  examples: ['2025-10-24T04:00:00.000Z'],
});

/** A schema that also takes null. */
export const nullable = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [(schema as { type?: string }).type, 'null'] });

/** One of a few words. */
export const oneOf = <const Words extends readonly string[]>(words: Words, options: object = {}) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: words, ...options });

/** An object whose fields are the client's own. */
export const JsonObject = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
});

/** An object or a list whose content is the client's own. */
export const JsonObjectOrArray = Type.Unsafe<Record<string, unknown> | unknown[]>({
  type: ['object', 'array'],
  additionalProperties: true,
  items: {},
});

/** A free word by which things are found again. */
export const Tag = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'A word of your own.',
  examples: ['checkout'],
});
export const Tags = Type.Array(Tag, {
  maxItems: 50,
  description: 'Words of your own by which it is found again, at most 50.',
});

/** An object with exactly these fields: others are refused by name. */
export const exactly = <Fields extends Record<string, TSchema>>(fields: Fields, options: object = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options });

/** `{ message }`: what a deletion answers. */
export const Message = exactly(
  {
    message: Type.String({
      description: 'A sentence for a person.',
      examples: ['Incident deleted successfully'],
    }),
  },
  { title: 'Message', description: 'What there is to say where nothing is left to show.' },
);

/** What a 204 answers. */
export const NoContent = Type.Void();

/** Query parameters of a list that pages. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Rows a page, 1 to 100.' }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 512,
      description: 'The `next_cursor` of the page before, as it came; without one, the first page.',
    }),
  ),
};

/** Words that a list is searched for; `of` says in what. */
export const searchQuery = (of: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: `Words that ${of} contain, all of them, whatever their case and accents. A word may be part of a longer one; one of a single or two letters or digits is the beginning of a word. What stands in double quotes is looked for as it stands: \`"disk full"\`.`,
      examples: ['checkout "502"'],
    }),
  );

/** A page of a list. */
export const pageOf = <Item extends TSchema>(item: Item, title: string) =>
  exactly(
    {
      items: Type.Array(item, { description: 'The rows of this page.' }),
      next_cursor: nullable(
        Type.String({ description: 'The `cursor` of the next page; null on the last one.' }),
      ),
      has_more: Type.Boolean({ description: 'Whether there is a next page.', examples: [false] }),
    },
    { title, description: 'A page of a list, and the way to the next.' },
  );

/** Whether deleted rows are listed or read, too: for admins. */
export const includeDeleted = Type.Optional(
  Type.Boolean({ default: false, description: 'Whether the deleted are shown, too: for admins.' }),
);
