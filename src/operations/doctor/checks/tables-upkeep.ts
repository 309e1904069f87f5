import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

const runbook = 'docs/procedures/doctor.md';

interface TableState {
  readonly name: string;
  readonly live: number;
  readonly dead: number;
  /** Whether VACUUM or ANALYZE ever counted it. */
  readonly isAnalyzed: boolean;
}

const manyRows = 10_000;
const deadShareMax = 0.2;

export const tablesUpkeep: Check = {
  id: 'tables.upkeep',
  runbook,
  async look(context) {
    const session = await context.service();
    return judgeTables(
      await session.rows<TableState>(
        `select relid::regclass::text as name, n_live_tup::float8 as live, n_dead_tup::float8 as dead,
                coalesce(last_analyze, last_autoanalyze) is not null as "isAnalyzed"
         from pg_stat_user_tables where schemaname = 'public' order by n_dead_tup desc`,
      ),
    );
  },
};

export function judgeTables(tables: readonly TableState[]): Verdict {
  const bloated = tables.filter(({ live, dead }) => dead > manyRows && dead > deadShareMax * live);
  const unknown = tables.filter(({ live, isAnalyzed }) => live > manyRows && !isAnalyzed);
  if (bloated.length + unknown.length === 0) {
    return ok(`All ${tables.length} tables are vacuumed and analyzed`);
  }
  return warning({
    finding: 'Tables are not kept up: autovacuum is off, too slow, or held back by an old transaction',
    evidence: [
      ...bloated.map(({ name, live, dead }) => `${name}: ${dead} dead rows beside ${live} live ones`),
      ...unknown.map(({ name, live }) => `${name}: never analyzed, ${live} rows`),
    ],
    remedy: `vacuum (analyze) ${[...new Set([...bloated, ...unknown].map(({ name }) => name))].join(', ')}`,
  });
}

export const tablesWraparound: Check = {
  id: 'tables.wraparound',
  runbook,
  async look(context) {
    const session = await context.service();
    return judgeAges(
      await session.rows<{ name: string; age: number; freezeMax: number }>(
        `select datname::text as name, age(datfrozenxid)::float8 as age,
                current_setting('autovacuum_freeze_max_age')::float8 as "freezeMax"
         from pg_database where datallowconn order by 2 desc`,
      ),
    );
  },
};

/** PostgreSQL takes no more writes at 2^31 less 3 million; autovacuum begins at `freezeMax` whatever else it does. */
export function judgeAges(
  databases: readonly { readonly name: string; readonly age: number; readonly freezeMax: number }[],
): Verdict {
  const [oldest] = databases.toSorted((a, b) => b.age - a.age);
  if (oldest === undefined || oldest.age <= 2 * oldest.freezeMax) {
    return ok(`The oldest transaction id is ${oldest?.age ?? 0} transactions old`);
  }
  const complaint = {
    finding: `The oldest transaction id of ${oldest.name} is ${oldest.age} transactions old: autovacuum does not keep up, and at 2.1 billion PostgreSQL stops taking writes`,
    remedy: `vacuumdb --all --freeze; first end what holds it back: select pid, age(backend_xmin) from pg_stat_activity order by 2 desc nulls last`,
  };
  return oldest.age > 1_600_000_000 ? critical(complaint) : warning(complaint);
}
