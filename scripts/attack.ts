import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { nearestTo, operationIds } from './attack/operation-names.ts';

const help = `The machine that attacks: npm run test:attack -- [options] [options of vitest]

  --seed <n>          the seed of everything random; printed by each run
  --path <path>       straight to one failing case of --operation, as the failure names it; without it, of the one file that is named
  --operation <id>    only this operation, such as createIncident: its bounds and random input
  --scale <n>         times the numbers that the tests name: CI takes 0.02
  --minutes <n>       at most so long for each operation: 1 with --scale 100 for a night
`;

const own = {
  seed: 'ATTACK_SEED',
  path: 'ATTACK_PATH',
  operation: 'ATTACK_OPERATION',
  scale: 'ATTACK_SCALE',
  minutes: 'ATTACK_MINUTES',
} as const;

const { tokens } = parseArgs({
  strict: false,
  tokens: true,
  options: Object.fromEntries(
    [...Object.keys(own), 'help'].map((name) => [
      name,
      { type: name === 'help' ? 'boolean' : 'string' } as const,
    ]),
  ),
});
const settings: Record<string, string> = {};
const ofVitest: string[] = [];
const raw = process.argv.slice(2);
for (const token of tokens) {
  if (token.kind === 'option' && token.name === 'help') {
    process.stdout.write(help);
    process.exit(0);
  }
  if (token.kind === 'option' && Object.hasOwn(own, token.name)) {
    settings[own[token.name as keyof typeof own]] = token.value ?? '';
  } else {
    ofVitest.push(raw[token.index] ?? '');
  }
}

/** Tests that try one operation after the other. */
const ofOperations = ['inputs-even', 'bounds'];
/** Those whose cases have paths of their own. */
const ofPaths = ['wire', 'races', 'commands'];
const named = ofVitest.filter((each) => !each.startsWith('-'));

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

const { ATTACK_OPERATION: operation, ATTACK_PATH: path } = settings;
if (operation !== undefined) {
  const known = operationIds();
  if (!known.includes(operation)) {
    refuse(`There is no operation ${operation}. The nearest are: ${nearestTo(operation, known).join(', ')}`);
  }
  if (named.some((each) => !ofOperations.some((file) => each.includes(file)))) {
    refuse(`One operation is tried by these alone: ${ofOperations.join(', ')}`);
  }
  ofVitest.push(...(named.length > 0 ? [] : path === undefined ? ofOperations : ['inputs-even']));
} else if (path !== undefined && !(named.length === 1 && ofPaths.some((file) => named[0]?.includes(file)))) {
  refuse(`--path is of one --operation, or of one of these files: ${ofPaths.join(', ')}`);
}

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'attack', ...new Set(ofVitest)],
  { stdio: 'inherit', env: { ...process.env, ...settings } },
);
process.exitCode = status ?? 1;
