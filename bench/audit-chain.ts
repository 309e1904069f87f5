import pg from 'pg';
import { median } from './load.ts';
import { rows } from './requests/catalogue.ts';
import { openStage } from './requests/stage.ts';
import { startService } from './requests/subjects.ts';
import { wrk } from './requests/wrk.ts';

/** What the chain of the audit trail costs: 32 clients create incidents in one organization, by turns with the chain and without. */
const connections = 32;
const seconds = 5;
const rounds = 5;

const requestsOf = rows.find(({ name }) => name === 'create')?.requests;
if (requestsOf === undefined) {
  throw new Error('there is no row "create"');
}

await using resources = new AsyncDisposableStack();
const stage = resources.use(await openStage());
const start = (name: string) => startService(name, { incidents: 1_000 }, stage, resources);
const [chained, bare] = [await start('chained'), await start('bare')];
const query = async (dsn: string, statement: string): Promise<Record<string, number>> => {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    return (await client.query<Record<string, number>>(statement)).rows[0] ?? {};
  } finally {
    await client.end();
  }
};
await query(bare.dsns.owner, 'alter table audit_events disable trigger link_audit_event');

const rateOf = async (service: typeof chained): Promise<number> => {
  const options = { connections, seconds, directory: stage.directory };
  const { good, bad, seconds: taken } = await wrk(service.url, requestsOf(service), options);
  if (bad > 0) {
    throw new Error(`${service.url} refused ${bad} requests`);
  }
  return good / taken;
};
await rateOf(chained);
await rateOf(bare);
const ratios: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  // @NOTE whoever comes first comes second in the next round.
  const order = round % 2 === 0 ? [bare, chained] : [chained, bare];
  const rates = new Map<typeof chained, number>();
  for (const service of order) {
    rates.set(service, await rateOf(service));
  }
  const [a = 0, b = 0] = [rates.get(chained), rates.get(bare)];
  ratios.push(a / b);
  process.stdout.write(
    `round ${round}: ${a.toFixed(0)} a second with the chain, ${b.toFixed(0)} without: ${((1 - a / b) * 100).toFixed(1)} % less\n`,
  );
}
const { pending = 0, seq = 0 } = await query(
  chained.dsns.superuser,
  `select (select count(*)::int from audit_links where seq is null) as pending, (select sum(seq)::int from audit_chains) as seq`,
);
process.stdout.write(
  `median: ${((1 - median(ratios)) * 100).toFixed(1)} % less; ${seq} entries in the chain, ${pending} waited for their place just now\n`,
);
