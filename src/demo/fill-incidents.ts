import type { Transaction } from '../platform/database/transaction.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { Cast } from './cast.ts';
import type { FillOptions } from './fill-options.ts';
import type { IncidentStory } from './incident-story.ts';
import { IncidentTally } from './incident-tally.ts';
import { incidentStories } from './incidents.ts';
import type { Random } from './random.ts';

const batchLength = 1_000;

/** Puts in incidents with their timelines; answers what is counted of them. */
export async function fillIncidents(
  tx: Transaction,
  random: Random,
  cast: Cast,
  { incidents: count, now, onProgress }: FillOptions,
): Promise<{ readonly tally: IncidentTally; readonly events: number }> {
  const tally = new IncidentTally();
  let [done, events] = [0, 0];
  let batch: IncidentStory[] = [];
  let underWay = Promise.resolve();
  for (const story of incidentStories(random, cast, { count, now })) {
    tally.add(story);
    events += story.events.length;
    batch.push(story);
    done += 1;
    if (batch.length === batchLength || done === count) {
      // @NOTE one batch is told while the database takes in the one before.
      await underWay;
      onProgress('incidents', done - batch.length, count);
      underWay = insert(tx, batch);
      batch = [];
    }
  }
  await underWay;
  onProgress('incidents', count, count);
  return { tally, events };
}

async function insert(tx: Transaction, batch: readonly IncidentStory[]): Promise<void> {
  const rows = batch.map(({ row }) => row);
  await bulkInsert(tx, 'incidents', rows);
  await bulkInsert(
    tx,
    'incident_events',
    batch.flatMap(({ events }) => events),
  );
}
