import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Static, TSchema } from 'typebox';
import type { Measured } from '../database/page-bytes.ts';
import type { PageRange } from '../database/search.ts';
import { nothing, type Sql, sql } from '../database/sql.ts';
import { invalid } from '../errors/api-error.ts';

const macBytes = 16;
const positionPattern = /^(\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36}|\d{1,10})$/;

/** Where a page ends: the time of its last row and, as tie-breaker, that row's id or number. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

/** What a list is sorted by: the columns of time and tie-breaker, and the latter's type. */
export interface SortKey {
  readonly at: Sql;
  readonly id: Sql;
  readonly idType: Sql;
  /** Oldest first; newest first by default. */
  readonly ascending?: boolean;
}

/** The sort key of most lists. */
export const newestFirst: SortKey = { at: sql`created_at`, id: sql`id`, idType: sql`uuid` };

export interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

/**
 * Makes and reads the cursors of lists: a position and a MAC over it and over what the list is of (route, tenant,
 * filters), so that a cursor works for the list that gave it and for no other.
 */
export class Cursors {
  // @NOTE key objects: of bytes, each cursor would have one made of its own.
  #keys: readonly KeyObject[] = [];

  constructor(secrets: readonly string[]) {
    this.useSecrets(secrets);
  }

  /** The first secret signs; cursors of the others are still taken, so that rotating a secret breaks no walk. */
  useSecrets(secrets: readonly string[]): void {
    this.#keys = secrets.map((secret) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'brownie list cursors', 32))),
    );
  }

  encode(list: string, position: Position): string {
    const text = `${position.at} ${position.id}`;
    const [key] = this.#keys;
    if (key === undefined) {
      throw new Error('cursors need a secret');
    }
    return Buffer.concat([mac(key, list, text), Buffer.from(text)]).toString('base64url');
  }

  /** Throws 422 where the cursor is not one of this list. */
  decode(list: string, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(macBytes).toString();
    const match = positionPattern.exec(text);
    const given = bytes.subarray(0, macBytes);
    const isOurs =
      // @NOTE base64url has several spellings of the same bytes; ours is the canonical one.
      bytes.toString('base64url') === cursor &&
      given.length === macBytes &&
      this.#keys.some((key) => timingSafeEqual(given, mac(key, list, text)));
    const [, at, id] = match ?? [];
    if (!isOurs || at === undefined || id === undefined) {
      throw invalid('/query/cursor', 'is not a cursor of this list; start again without it');
    }
    return { at, id };
  }
}

const mac = (key: KeyObject, list: string, text: string): Buffer =>
  createHmac('sha256', key).update(list).update('\0').update(text).digest().subarray(0, macBytes);

/** Names a list by everything that decides its rows, but not by the page. */
export function listName(name: string, of: Readonly<Record<string, unknown>>): string {
  const filters = Object.entries(of)
    .filter(([key, value]) => value !== undefined && key !== 'limit' && key !== 'cursor')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, filters]);
}

/** Whether a page is one of those that take their time. */
export const isLong = ({ limit = 20 }: { readonly limit?: number }): boolean => limit > 100;

/**
 * One page. `fetch` is given the SQL that belongs at the end of its statement: the condition that skips earlier pages, the
 * order and the limit; order and limit alone, for a statement that puts parts together; and each by itself. Every row comes exactly once,
 * however many share a sort key and while others are inserted, because the id breaks ties. A page ends early where `fetch` gives rows that `withinPageBytes` bounded.
 */
export async function paginate<Row extends TSchema>(options: {
  readonly cursors: Cursors;
  /** See `listName`. */
  readonly list: string;
  readonly query: { readonly limit?: number; readonly cursor?: string };
  readonly key: SortKey;
  readonly positionOf: (row: Static<Row>) => Position;
  readonly fetch: (rest: Sql, orderAndLimit: Sql, range: PageRange) => Promise<Static<Row>[]>;
}): Promise<Page<Static<Row>>> {
  const { cursors, list, query, key } = options;
  const limit = query.limit ?? 20;
  const after = query.cursor === undefined ? undefined : cursors.decode(list, query.cursor);
  const [beyond, direction] = key.ascending ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const skip =
    after === undefined
      ? nothing
      : sql`and (${key.at}, ${key.id}) ${beyond} (${after.at}::timestamptz, ${after.id}::${key.idType})`;
  const order = sql`order by ${key.at} ${direction}, ${key.id} ${direction}`;
  const orderAndLimit = sql`${order} limit ${limit + 1}`;
  const range = { skip, order, limit: limit + 1, ascending: key.ascending ?? false };
  const rows = await options.fetch(sql`${skip} ${orderAndLimit}`, orderAndLimit, range);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  // @NOTE a page that came to its bytes ends before its limit.
  const hasMore =
    last !== undefined && (rows.length > limit || (last as Partial<Measured>).has_next === true);
  return {
    items,
    next_cursor: hasMore ? cursors.encode(list, options.positionOf(last)) : null,
    has_more: hasMore,
  };
}
