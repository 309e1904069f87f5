import { parseArgs } from 'node:util';
import pg from 'pg';
import { type GrowthRow, growthRows } from './growth-rows.ts';
import { median } from './load.ts';
import { measure } from './requests/measure.ts';
import { openStage } from './requests/stage.ts';
import { type Service, startService } from './requests/subjects.ts';

/** What a request costs. */
interface Cost {
  /** CPU time of the service and of PostgreSQL, microseconds. */
  readonly own: number;
  readonly postgres: number;
  /** Of the database, that PostgreSQL looked at. */
  readonly pages: number;
}
interface Growth {
  readonly row: GrowthRow;
  readonly small: Cost;
  readonly large: Cost;
}

const connections = 2;
/** Of its cost with a tenth of the incidents; of a search or a filter, of the cost of a plain list. */
const wanted = { growth: 1.5, plainLists: 3 };
const nobody = { url: '', pid: 0 };

/**
 * What requests cost in an organization that has many incidents, beside one that has a tenth of them. Sets the exit code where one costs more
 * than it should. `--rows` takes those with this text in their title.
 */
export async function measureGrowth(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      incidents: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      rows: { type: 'string', default: '' },
    },
  });
  const most = Number(values.incidents);
  await using resources = new AsyncDisposableStack();
  const settings = { shared_preload_libraries: 'pg_stat_statements', shared_buffers: '2GB' };
  const stage = resources.use(await openStage(settings));
  const small = await startService('small', { incidents: most / 10 }, stage, resources);
  const large = await startService('large', { incidents: most }, stage, resources);
  const client = new pg.Client({ connectionString: large.dsns.superuser });
  await client.connect();
  resources.defer(() => client.end());
  await client.query('create extension pg_stat_statements');
  const costOf = async (row: GrowthRow, service: Service): Promise<Cost> => {
    await client.query('select pg_stat_statements_reset()');
    const floors = { http: nobody, fastify: nobody };
    const load = { connections, seconds: Number(values.seconds) };
    const sample = await measure(row, load, { stage, service, floors });
    if (sample.refusedShare > 0) {
      throw new Error(`${row.title}: ${(sample.refusedShare * 100).toFixed(1)} % refused`);
    }
    const pages = await pagesOf(client, new URL(service.dsns.service));
    return { own: sample.ownMicroseconds, postgres: sample.postgresMicroseconds, pages };
  };
  // The first is what the others are compared with.
  const rows = growthRows.filter(({ title }, index) => index === 0 || title.includes(values.rows));
  const turns: Growth[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const row of rows) {
      const turn = { row, small: await costOf(row, small), large: await costOf(row, large) };
      turns.push(turn);
      process.stderr.write(`${row.title}: ${JSON.stringify([turn.small, turn.large])}\n`);
    }
  }
  const growths = rows.map((row) => middle(row, turns));
  process.stdout.write(`\n${table(most, growths)}`);
}

/** @NOTE all that it does for a request begins with one statement for the scope: that one is counted most. */
async function pagesOf(client: pg.Client, { pathname, username }: URL): Promise<number> {
  const { rows } = await client.query<{ pages: number }>(
    `select (sum(shared_blks_hit + shared_blks_read) / max(calls))::float8 as pages
     from pg_stat_statements where dbid = (select oid from pg_database where datname = $1) and userid = $2::regrole`,
    [pathname.slice(1), username],
  );
  return rows[0]?.pages ?? Number.NaN;
}

function middle(row: GrowthRow, turns: readonly Growth[]): Growth {
  const own = turns.filter((turn) => turn.row === row);
  const of = (size: 'small' | 'large'): Cost => {
    const figure = (name: keyof Cost): number => median(own.map((turn) => turn[size][name]));
    return { own: figure('own'), postgres: figure('postgres'), pages: figure('pages') };
  };
  return { row, small: of('small'), large: of('large') };
}

const total = ({ own, postgres }: Cost): number => own + postgres;

function table(most: number, growths: readonly Growth[]): string {
  const plain = growths[0];
  const count = (n: number): string => n.toLocaleString('en');
  const lines = growths.map(({ row, small, large }) => {
    const growth = total(large) / total(small);
    const lists = plain === undefined ? Number.NaN : total(large) / total(plain.large);
    const isGood = row.isSearch ? lists <= wanted.plainLists : growth <= wanted.growth;
    if (!isGood) {
      process.exitCode = 1;
    }
    return [
      row.title,
      ...[small, large].map(({ own, postgres }) => `${own.toFixed(0)} + ${postgres.toFixed(0)}`),
      growth.toFixed(2),
      ...[small, large].map(({ pages }) => pages.toFixed(0)),
      lists.toFixed(2),
      isGood ? '' : 'too much',
    ];
  });
  const head = [
    'request',
    ...[most / 10, most].map((n) => `CPU µs at ${count(n)}`),
    'growth',
    ...[most / 10, most].map((n) => `pages at ${count(n)}`),
    'plain lists',
    '',
  ];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
