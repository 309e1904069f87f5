import { rows } from './catalogue.ts';
import type { Sample } from './measure.ts';
import { measureRounds } from './measure-all.ts';
import { open } from './open.ts';
import { ratio } from './report.ts';
import { openStage } from './stage.ts';

/** A row, and how much CPU time a request of it may take, as a multiple of that of another row. */
export interface Limit {
  readonly row: string;
  readonly floor: string;
  readonly cpuMax: number;
}

/**
 * @NOTE twice of what they are on a quiet machine. That is no noise: neighbours take time away, but hardly change what the kernel counts for a
 * process, and what they do change (caches that they empty) they change for the floor as well, which is measured within seconds. With nine other
 * processes a core most rounds came to between 0.8 and 1.6 times of it; and a row fails only where each of its rounds is over the limit. A write
 * is compared with a list of Node's, for pgbench takes longer to connect than this measures.
 */
const limits: readonly Limit[] = [
  { row: 'health', floor: 'fastify', cpuMax: 5.4 },
  { row: 'user', floor: 'fastify-user', cpuMax: 8.7 },
  { row: 'incidents', floor: 'fastify-list', cpuMax: 4.9 },
  { row: 'create', floor: 'fastify-list', cpuMax: 9.6 },
];
const [rounds, load, incidents] = [3, { connections: 16, seconds: 1 }, 20_000] as const;

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
    const verdict = verdictOf(turns.get(row) ?? [], turns.get(floor) ?? [], cpuMax);
    say(`${row}: ${verdict.words} the CPU time of ${floor} (at most ${cpuMax})`);
    if (!verdict.isGood) {
      process.exitCode = 1;
    }
  }
}

/** Bad where every round is over the limit. */
export function verdictOf(turns: readonly Sample[], floors: readonly Sample[], cpuMax: number) {
  const ratios = floors.flatMap((floor, round) => {
    const turn = turns[round];
    return turn === undefined ? [] : [ratio([turn], [floor]).cpu];
  });
  return {
    isGood: ratios.some((each) => each <= cpuMax),
    words: ratios.map((each) => each.toFixed(2)).join(', '),
  };
}
