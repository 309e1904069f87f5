import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../../../monitoring/duration.ts';
import { yaml } from '../../../monitoring/generate/files.ts';
import type { PromtoolTest, TestFile } from '../../../monitoring/render/promtool.ts';
import type { RuleGroup } from '../../../monitoring/render/rule-file.ts';
import { run } from './promtool.ts';

/** A changed rule under a name of its own, and what is expected of it: what the unchanged rule does. */
export interface Trial {
  /** In no other name. */
  readonly name: string;
  readonly what: string;
  readonly group: RuleGroup;
  readonly expected: readonly TestFile[];
}

/**
 * The trials of which no test fails. All are tried at once, as rules beside each other over one history: evaluating fifty
 * rules costs little more than one. Short histories come first: few trials are left for those of days. `shared` are rules
 * that they read. All expect of the same histories, in the same order.
 */
export async function survivors(trials: readonly Trial[], shared: readonly RuleGroup[]): Promise<Trial[]> {
  const directory = mkdtempSync(join(tmpdir(), 'brownie-mutants-'));
  try {
    let alive = [...trials];
    for (const round of rounds(trials[0]?.expected ?? [])) {
      alive = await tried(alive, shared, round, directory);
    }
    return alive;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Of each file, by its index, the positions of the tests of one round. */
type Round = ReadonlyMap<number, readonly number[]>;

function rounds(files: readonly TestFile[]): Round[] {
  const all = files.flatMap((file, index) =>
    file.tests.map((test, position) => ({ index, position, cost: evaluations(file, test) })),
  );
  const bySize = Map.groupBy(all, ({ cost }) => limits.findIndex((limit) => cost <= limit));
  return [...bySize]
    .toSorted(([a], [b]) => a - b)
    .map(([, tests]) => {
      const byFile = Map.groupBy(tests, ({ index }) => index);
      return new Map([...byFile].map(([index, found]) => [index, found.map(({ position }) => position)]));
    });
}

const limits = [100, 200, 400, 700, Number.POSITIVE_INFINITY];

const evaluations = (file: TestFile, test: PromtoolTest): number => {
  const instants = [...(test.alert_rule_test ?? []), ...(test.promql_expr_test ?? [])];
  return Math.max(...instants.map(({ eval_time }) => seconds(eval_time))) / seconds(file.evaluation_interval);
};

async function tried(
  trials: readonly Trial[],
  shared: readonly RuleGroup[],
  round: Round,
  directory: string,
): Promise<Trial[]> {
  const [first] = trials;
  if (first === undefined) {
    return [];
  }
  const groups = [...shared, { ...first.group, rules: trials.flatMap(({ group }) => group.rules) }];
  writeFileSync(join(directory, 'rules.yml'), yaml({ groups }));
  const runs = [...round].map(([index, positions]) => {
    const path = join(directory, `test-${index}.yml`);
    writeFileSync(path, yaml(merged(trials, index, positions)));
    return run('promtool', ['test', 'rules', path]);
  });
  const output = (await Promise.all(runs)).map((result) => result.output).join('\n');
  const alive = trials.filter(({ name }) => !output.includes(name));
  // @NOTE a rule that cannot be evaluated ends the test before it has looked at the others.
  const isCut = /\berr: /.test(output);
  if (isCut && alive.length === trials.length) {
    throw new Error(`promtool could not run the tests of ${first.name}:\n${output.slice(0, 2_000)}`);
  }
  return isCut ? tried(alive, shared, round, directory) : alive;
}

/** One file of tests with the expectations of all. @NOTE promtool prints the names of tests: none may name a trial. */
function merged(trials: readonly Trial[], index: number, positions: readonly number[]): object {
  const of = (position: number): PromtoolTest[] =>
    trials.flatMap(({ expected }) => expected[index]?.tests[position] ?? []);
  return {
    ...trials[0]?.expected[index],
    rule_files: ['rules.yml'],
    tests: positions.map((position) => ({
      ...of(position)[0],
      name: `test ${position}`,
      alert_rule_test: of(position).flatMap((test) => test.alert_rule_test ?? []),
      promql_expr_test: of(position).flatMap((test) => test.promql_expr_test ?? []),
    })),
  };
}
