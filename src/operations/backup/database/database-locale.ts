import type { Manifest } from '../store/index.ts';

/** By what a database sorts and compares texts. */
export type DatabaseLocale = Pick<
  Manifest['database'],
  'encoding' | 'collate' | 'ctype' | 'provider' | 'locale' | 'icuRules'
>;

/**
 * Columns that make one, of `pg_database d`, as JSON. @NOTE by way of to_jsonb: PostgreSQL 15 has daticulocale, 17 datlocale, and
 * before 15 there was neither, nor another provider than libc.
 */
export const localeJson = `jsonb_build_object(
  'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
  'provider', coalesce(to_jsonb(d)->>'datlocprovider', 'c'),
  'locale', coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'),
  'icuRules', to_jsonb(d)->>'daticurules',
  'collationVersion', to_jsonb(d)->>'datcollversion')`;

const providers = { c: 'libc', i: 'ICU', b: 'PostgreSQL’s own' } as const;

/** In words: `UTF8, ICU de-DE, lc_collate C.UTF-8, lc_ctype C.UTF-8`. */
export const describeLocale = ({
  encoding,
  collate,
  ctype,
  provider,
  locale,
  icuRules,
}: DatabaseLocale): string =>
  [
    encoding,
    ...(provider === undefined ? [] : [`${providers[provider]}${locale ? ` ${locale}` : ''}`]),
    ...(icuRules ? [`with rules ${icuRules}`] : []),
    `lc_collate ${collate}`,
    `lc_ctype ${ctype}`,
  ].join(', ');

/**
 * Whether two databases sort and compare texts alike, as far as both are known: a manifest of before says nothing of the provider.
 * `C.UTF-8` and `C.utf8` are one.
 */
export function isSameLocale(a: DatabaseLocale, b: DatabaseLocale): boolean {
  const isKnown = a.provider !== undefined && b.provider !== undefined;
  const key = ({ encoding, collate, ctype, provider, locale, icuRules }: DatabaseLocale): string =>
    [
      ...[encoding, collate, ctype, ...(isKnown ? [provider, locale] : [])].map((each) =>
        (each ?? '').toLowerCase().replace(/[^a-z\d]/g, ''),
      ),
      isKnown ? (icuRules ?? '') : '',
    ].join();
  return key(a) === key(b);
}
