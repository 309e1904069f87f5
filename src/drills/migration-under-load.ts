import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { withDatabase } from '../platform/database/dsn.ts';
import { migrationsDirectory } from '../platform/database/preflight.ts';
import { applyMigrations, readMigrations } from '../platform/migrations/index.ts';
import { createInstance } from '../platform/programs/service-instance.ts';
import type { Drill } from './drill.ts';
import { startDrillDatabase } from './harness/drill-database.ts';
import { startLoad, summarize } from './harness/load.ts';
import { lostIncidents } from './harness/lost-incidents.ts';
import type { RequestResult } from './harness/send.ts';
import { signUp, type Tenant } from './harness/tenant.ts';

const rows = { full: 1_000_000, short: 100_000 };
const workers = 24;
/** 24 workers that pause so long send more than 300 requests a second. */
const pauseMs = 50;
const loadMs = 3_000;
const readerHoldsMs = 5_000;
/** Who waited for the reader would take longer. @NOTE the short form is for machines that are slow, too. */
const slowestMs = { full: 1_000, short: 3_000 };

/** What the next releases might do to the busiest table: a column, a rule, its proof, and an index. */
const changes: readonly string[] = [
  '-- Adds a column with a default, and a rule for it that is not yet proven of old rows.\n' +
    'alter table incidents add column drill_severity smallint not null default 3;\n' +
    'alter table incidents add constraint incidents_drill_severity_check check (drill_severity between 1 and 5) not valid;\n',
  '-- Proves the rule of every row, while others write.\n' +
    'alter table incidents validate constraint incidents_drill_severity_check;\n',
  '-- Builds an index while others write.\n-- brownie: no-transaction\n' +
    'create index concurrently if not exists incidents_drill_severity_idx on incidents (org_id, team_id, drill_severity);\n',
];

/** Migrates a large table under load, while somebody reads it for long. */
export const migrationUnderLoad: Drill = {
  name: 'migration-under-load',
  shows: 'Migrations of a large table under load: no request fails, and none waits for a long reader.',
  programs: [],
  async run({ directory, isFull, say }) {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const instance = resources.use(
      await createInstance({
        name: 'api1',
        directory,
        variables: { METADATA_LOG_LEVEL: 'warning', ...database.variables },
      }),
    );
    await instance.launch();
    await instance.ready();
    const tenant = await signUp(instance.url);
    const superuser = new pg.Client({
      connectionString: withDatabase(database.superuserDsn, 'brownie'),
    });
    await superuser.connect();
    resources.defer(() => superuser.end());
    await fill(superuser, tenant, isFull ? rows.full : rows.short);
    say('the table is filled');

    const results: RequestResult[] = [];
    const load = await startLoad({
      urls: [instance.url],
      tenant,
      workers,
      pauseMs,
      onResult: (result) => results.push(result),
    });
    resources.defer(() => load.stop());
    await delay(loadMs);
    const startedAt = performance.now();
    const reader = readForLong(superuser);
    resources.defer(() => reader);
    let retries = 0;
    await applyMigrations({
      dsn: database.ownerDsn,
      migrations: await readMigrations(await nextMigrations(directory)),
      onProgress: (progress) => {
        retries += progress.kind === 'retrying' ? 1 : 0;
      },
    });
    await reader;
    const endedAt = performance.now();
    say('migrated');
    await delay(loadMs);
    await load.stop();

    if (load.failures.length > 0) {
      say(summarize(load.failures));
    }
    const during = results.filter((result) => result.endedAt > startedAt && result.startedAt < endedAt);
    // @NOTE of those that a migration could delay: the first of all meet a service that is still cold.
    const slowest = Math.max(...during.map((result) => result.endedAt - result.startedAt));
    const lost = await lostIncidents(database.ownerDsn, tenant, load.acknowledged);
    const seconds =
      (Math.max(...results.map(({ endedAt: at }) => at)) - (results[0]?.startedAt ?? 0)) / 1_000;
    return [
      { name: 'rows of the table', value: isFull ? rows.full : rows.short, unit: 'rows' },
      { name: 'migrations, begin to end', value: (endedAt - startedAt) / 1_000, unit: 's' },
      { name: 'tries that gave way to a long reader', value: retries, unit: 'tries', atLeast: 1 },
      { name: 'load', value: results.length / seconds, unit: 'requests a second' },
      { name: 'requests meanwhile', value: during.length, unit: 'requests', atLeast: 100 },
      { name: 'requests that failed', value: load.failures.length, unit: 'requests', atMost: 0 },
      {
        name: 'slowest request meanwhile',
        value: slowest,
        unit: 'ms',
        atMost: isFull ? slowestMs.full : slowestMs.short,
      },
      { name: 'acknowledged and lost', value: lost.length, unit: 'incidents', atMost: 0 },
    ];
  },
};

async function readForLong(client: pg.Client): Promise<void> {
  await client.query('begin');
  await client.query('select id from incidents limit 1');
  await delay(readerHoldsMs);
  await client.query('commit');
}

const fill = async (
  superuser: pg.Client,
  { organizationId, teamId }: Tenant,
  count: number,
): Promise<void> => {
  await superuser.query(
    `insert into incidents (org_id, id, team_id, title, priority, tags)
     select $1, gen_random_uuid(), $2, 'Incident ' || n, (array['low', 'medium', 'high'])[1 + n % 3], array['drill']
     from generate_series(1, $3::int) n`,
    [organizationId, teamId, count],
  );
  await superuser.query('vacuum analyze incidents');
};

/** A folder with the migrations of the repository, and those that might come next. */
async function nextMigrations(directory: string): Promise<string> {
  const folder = join(directory, 'migrations');
  await cp(migrationsDirectory, folder, { recursive: true });
  const last = (await readdir(folder)).filter((name) => name.endsWith('.sql')).length;
  for (const [index, sql] of changes.entries()) {
    const number = String(last + index + 1).padStart(4, '0');
    await writeFile(join(folder, `${number}-drill-step-${index + 1}.sql`), sql);
  }
  return folder;
}
