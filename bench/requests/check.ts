import { rows } from './catalogue.ts';
import type { Sample } from './measure.ts';
import { measureRounds } from './measure-all.ts';
import { open } from './open.ts';
import { openStage } from './stage.ts';

/** A row, and how much CPU time a request of it may take, as a multiple of that of another row. */
export interface Limit {
  readonly row: string;
  readonly floor: string;
  readonly cpuMax: number;
}

/**
 * @NOTE three times of what they were on a quiet machine, and each side by its best round. That is no noise: neighbours empty caches and
 * take time away, which adds to what a request costs and never takes from it, so the best of several rounds is the nearest to the truth.
 * Beside ten other programs single rounds came to four times as much, and the best of the row's beside the best of the floor's to 3.2, 3.5, 4.0
 * and 7.4. A write is compared with a list of Node's, for pgbench takes longer to connect than this measures.
 */
const limits: readonly Limit[] = [
  { row: 'health', floor: 'fastify', cpuMax: 8 },
  { row: 'user', floor: 'fastify-user', cpuMax: 12 },
  { row: 'incidents', floor: 'fastify-list', cpuMax: 7.3 },
  { row: 'create', floor: 'fastify-list', cpuMax: 14 },
];
const [rounds, load, incidents] = [4, { connections: 16, seconds: 1 }, 5_000] as const;

/** `npm run bench check`: the small form, for CI. Sets the exit code where the service takes far more CPU time than it did. */
export async function check(): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const named = new Set(limits.flatMap(({ row, floor }) => [row, floor]));
  await using resources = new AsyncDisposableStack();
  const stage = resources.use(await openStage());
  const setting = await open({ incidents }, stage, resources);
  const turns = await measureRounds(
    rows.filter(({ name }) => named.has(name)),
    load,
    rounds,
    setting,
  );
  for (const { row, floor, cpuMax } of limits) {
    const ratio = bestRatio(turns.get(row) ?? [], turns.get(floor) ?? []);
    const isGood = ratio <= cpuMax;
    say(
      `${row}: ${ratio.toFixed(2)} times the CPU time of ${floor}, at most ${cpuMax}${isGood ? '' : ': too much'}`,
    );
    if (!isGood) {
      process.exitCode = 1;
    }
  }
}

/** The CPU time of a request in the best round of a row, as a multiple of that in the best round of its floor. */
export function bestRatio(turns: readonly Sample[], floors: readonly Sample[]): number {
  const best = (samples: readonly Sample[]): number =>
    Math.min(
      ...samples.map(({ ownMicroseconds, postgresMicroseconds }) => ownMicroseconds + postgresMicroseconds),
    );
  return best(turns) / best(floors);
}
