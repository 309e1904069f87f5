import type pg from 'pg';
import { type DatabaseLocale, describeLocale, isSameLocale, localeJson } from '../database/index.ts';
import type { Check } from './check.ts';

interface Locale {
  readonly locale: DatabaseLocale;
  /** What indexes of the database were built with; null where the provider has no versions. */
  readonly recorded: string | null;
  readonly actual: string | null;
}

/**
 * Looks at how the database sorts and compares texts: as the backup did, and with the version that its indexes were built with. A
 * physical copy on another machine has indexes that the machine's own order does not fit: they find less than there is.
 * @param like of the backup; undefined: of a physical copy
 */
export async function localeCheck(client: pg.Client, like: DatabaseLocale | undefined): Promise<Check> {
  const { rows } = await client.query<Locale>(
    `select ${localeJson} as locale, to_jsonb(d)->>'datcollversion' as recorded,
            pg_database_collation_actual_version(d.oid) as actual
     from pg_database d where datname = current_database()`,
  );
  const [found] = rows;
  if (found === undefined) {
    throw new Error('the database does not know itself');
  }
  const { locale, recorded, actual } = found;
  const detail = describeLocale(locale);
  if (recorded !== null && recorded !== actual) {
    return {
      name: 'locale',
      isOk: true,
      needsLook: true,
      detail: `${detail}: its indexes were built with version ${recorded}, here is ${actual ?? 'none'}: \`brownie doctor\` names the statements that build them anew`,
    };
  }
  return like === undefined || isSameLocale(locale, like)
    ? { name: 'locale', isOk: true, detail }
    : {
        name: 'locale',
        isOk: true,
        needsLook: true,
        detail: `${detail}; the backup: ${describeLocale(like)}`,
      };
}
