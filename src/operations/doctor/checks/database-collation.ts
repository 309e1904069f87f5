import { type Check, ok, type Verdict, warning } from '../check.ts';

/** A collation that something is sorted by. */
interface Collation {
  /** `collation "public"."german"`; of the database itself: `database "brownie"`. */
  readonly what: string;
  readonly recorded: string | null;
  readonly actual: string | null;
  /** Quoted where it must be. */
  readonly database: string;
}

const question = `
  select format('database %I', datname) as what, datcollversion as recorded,
         pg_database_collation_actual_version(oid) as actual, format('%I', current_database()) as database
  from pg_database where datname = current_database()
  union all
  select format('collation %I.%I', n.nspname, c.collname), c.collversion, pg_collation_actual_version(c.oid),
         format('%I', current_database())
  from pg_collation c join pg_namespace n on n.oid = c.collnamespace
  where c.collversion is not null
    and exists (select from pg_depend d where d.refclassid = 'pg_collation'::regclass and d.refobjid = c.oid)`;

export const databaseCollation: Check = {
  id: 'database.collation',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const session = await context.service();
    return judgeCollations(await session.rows<Collation>(question));
  },
};

/**
 * An index on texts is sorted as the library of the machine sorted them when it was built. After an update of the system, or on
 * another machine, a search that goes by another order misses rows, and a unique index lets duplicates in.
 */
export function judgeCollations(collations: readonly Collation[]): Verdict {
  const outdated = collations.filter(({ recorded, actual }) => recorded !== null && recorded !== actual);
  return outdated.length === 0
    ? ok('Texts are sorted as when the indexes were built')
    : warning({
        finding:
          'Texts are sorted in another way than when the indexes were built: searches may miss rows, unique indexes let duplicates in',
        evidence: outdated.map(
          ({ what, recorded, actual }) => `${what}: built with ${recorded}, here is ${actual ?? 'none'}`,
        ),
        remedy: `as a superuser, in the database: reindex (concurrently) database ${outdated[0]?.database}; then ${outdated
          .map(
            ({ what }) => `alter ${what} refresh ${what.startsWith('database') ? 'collation ' : ''}version`,
          )
          .join('; ')}`,
      });
}
