import { type Static, type TSchema, Type } from 'typebox';

/** An id: a UUID, any version; new ones are version 7. Upper case is accepted. */
export const Uuid = Type.String({ format: 'uuid', examples: ['01890a5d-ac96-774b-bcce-b302099a8057'] });

/** An instant: RFC 3339, UTC, milliseconds. */
export const Timestamp = Type.String({ format: 'date-time', examples: ['2025-10-24T04:00:00.000Z'] });

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
export const Tag = Type.String({ minLength: 1, maxLength: 100, examples: ['checkout'] });
export const Tags = Type.Array(Tag, { maxItems: 50 });

/** An object with exactly these fields: others are refused by name. */
export const exactly = <Fields extends Record<string, TSchema>>(fields: Fields, options: object = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options });

/** `{ message }`: what a deletion answers. */
export const Message = exactly({ message: Type.String() }, { title: 'Message' });

/** What a 204 answers. */
export const NoContent = Type.Void();

/** Query parameters of a list that pages. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Rows a page.' })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: 'The next_cursor of the page before; opaque.' }),
  ),
};

/** A page of a list. */
export const pageOf = <Item extends TSchema>(item: Item, title: string) =>
  exactly(
    {
      items: Type.Array(item),
      next_cursor: nullable(Type.String({ description: 'For the next page; null on the last.' })),
      has_more: Type.Boolean({ examples: [false] }),
    },
    { title },
  );

/** Whether deleted rows are listed or read, too: for admins. */
export const includeDeleted = Type.Optional(
  Type.Boolean({ default: false, description: 'Also what was deleted; for admins.' }),
);
