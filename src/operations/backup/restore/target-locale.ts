import pg from 'pg';
import { RefusedError } from '../../../platform/errors/operation-error.ts';
import { type DatabaseLocale, describeLocale, isSameLocale, localeJson } from '../database/index.ts';

const wayOut =
  'Texts would be sorted, and found, in another way. Restore to a server that has it, or take what is there: --accept-locale';

/** The options of `create database` that make one with a locale. */
export function localeClause({
  encoding,
  collate,
  ctype,
  provider,
  locale,
  icuRules,
}: DatabaseLocale): string {
  const literal = (text: string): string => pg.escapeLiteral(text);
  const icu = `locale_provider icu icu_locale ${literal(locale ?? '')}${icuRules ? ` icu_rules ${literal(icuRules)}` : ''}`;
  // @NOTE without it the provider is that of template0, whatever the names of the locale.
  const from = {
    c: 'locale_provider libc',
    i: icu,
    b: `locale_provider builtin builtin_locale ${literal(locale ?? '')}`,
  };
  return [
    `encoding ${literal(encoding)} lc_collate ${literal(collate)} lc_ctype ${literal(ctype)}`,
    ...(provider === undefined ? [] : [from[provider]]),
  ].join(' ');
}

/**
 * Makes sure that a server can make a database with the locale of the one that was backed up: has it make a collation of it, in a
 * transaction that is taken back. Throws RefusedError with PostgreSQL's own words.
 */
export async function requireLocale(client: pg.Client, like: DatabaseLocale): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    `select pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
  );
  const literal = (text: string): string => pg.escapeLiteral(text);
  // @NOTE a collation is of the encoding of its database: of another one libc cannot be asked this way.
  const libc =
    rows[0]?.encoding === like.encoding
      ? [`lc_collate = ${literal(like.collate)}, lc_ctype = ${literal(like.ctype)}`]
      : [];
  const own =
    like.provider === 'i' || like.provider === 'b'
      ? [`provider = ${like.provider === 'i' ? 'icu' : 'builtin'}, locale = ${literal(like.locale ?? '')}`]
      : [];
  for (const options of [...libc, ...own]) {
    await client.query('begin');
    try {
      await client.query(`create collation pg_temp.brownie_trial (${options})`);
    } catch (error) {
      throw new RefusedError(
        `This server has no such locale as the backup: ${describeLocale(like)} (${error instanceof Error ? error.message : String(error)}). ${wayOut}`,
        { cause: error },
      );
    } finally {
      await client.query('rollback');
    }
  }
}

/** Makes sure that a database that is there already has the locale of the one that was backed up. Throws RefusedError. */
export async function requireSameLocale(
  client: pg.Client,
  name: string,
  like: DatabaseLocale,
): Promise<void> {
  const { rows } = await client.query<{ locale: DatabaseLocale }>(
    `select ${localeJson} as locale from pg_database d where datname = $1`,
    [name],
  );
  const there = rows[0]?.locale;
  if (there !== undefined && !isSameLocale(there, like)) {
    throw new RefusedError(
      `The database ${name} has the locale ${describeLocale(there)}, the backup ${describeLocale(like)}. ` +
        'Give the name of a database that is not there yet: it is made as the backup was. Else texts are sorted, and found, in another way: --accept-locale',
    );
  }
}
