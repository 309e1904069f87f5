import { type Sql, sql } from './sql.ts';

/** The parts of a list's page: the condition that skips earlier pages, the order, and how many rows to fetch. */
export interface PageRange {
  readonly skip: Sql;
  readonly order: Sql;
  readonly limit: number;
  readonly ascending: boolean;
}

/** What of a list is looked for. */
export interface Search {
  readonly kind: 'incident' | 'agent_config' | 'member';
  readonly orgId: string;
  /** The organization or, of a part of it, its teams. */
  readonly listIds: readonly string[];
  /** See `searchWords`. */
  readonly words: readonly string[];
  readonly tags?: readonly string[] | undefined;
  /** The other filters of the list, by the names of the API. */
  readonly filter: Readonly<Record<string, unknown>>;
}

/**
 * The words of `q`, all of which must occur; what stands between double quotes is one word, spaces included. PostgreSQL folds
 * them as it folds what is searched (`search_fold`).
 */
export const searchWords = (q: string | undefined): readonly string[] =>
  [...(q ?? '').matchAll(/"([^"]*)"?|[^\s"]+/g)]
    .map(([word, phrase]) => (phrase ?? word).trim())
    .filter((word) => word !== '');

/**
 * A statement for the `id`s among which the page of a search is. The first `window` rows of each list are compared one by one, which is
 * all that frequent words and short lists take; what is still missing comes from the index of `search_entries`, going back in time
 * (docs/adr/0029). In another order than newest first that is everything which matches.
 * @param walk first rows of each list as `id`, `at` and their number `n`, with all filters but words and tags
 */
export function idsOf(
  { kind, orgId, listIds, words, tags = [], filter }: Search,
  walk: Sql,
  { limit, ascending, isByCreation }: PageRange & { readonly isByCreation: boolean },
  window: number,
): Sql {
  const isNewestFirst = isByCreation && !ascending;
  const [direction, upTo] = ascending ? [sql`asc`, sql`<=`] : [sql`desc`, sql`>=`];
  const before = isNewestFirst ? sql`bound.at, bound.id` : sql`'infinity', bound.id`;
  return sql`
    with word as materialized (select search_words(${words}::text[]) as folded),
    walked as materialized (
      select walk.id, walk.at, walk.n,
             (select entry.tags @> ${tags}::text[] and not exists (
                select from unnest(word.folded) one
                where case when one ~ '^[a-z0-9]{1,2}$' then entry.value !~ ('(^|[^a-z0-9])' || one) else strpos(entry.value, one) = 0 end)
              from search_entries entry
              where entry.org_id = ${orgId} and entry.kind = ${kind} and entry.id = walk.id) as is_match
      from word, (${walk}) walk
    ),
    bound as (select at, id from walked where n = ${window} order by at ${direction}, id ${direction} limit 1),
    nearest as (
      select id from walked
      where is_match and not exists (select from bound where not (walked.at, walked.id) ${upTo} (bound.at, bound.id))
    )
    select id from nearest
    union
    select further.id from bound, word, lateral search_entries_before(${kind}, ${listIds}::uuid[], word.folded, ${before},
      ${isNewestFirst ? limit : 2_147_483_646}, ${JSON.stringify({ ...filter, tags })}::jsonb) further
    where (select count(*) from nearest) < ${limit}`;
}
