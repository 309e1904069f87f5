import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const help = `The machine that attacks: npm run test:attack -- [options] [options of vitest]

  --seed <n>          the seed of everything random; printed by each run
  --path <path>       straight to one failing case of --operation, as the failure names it
  --operation <id>    only this operation, such as createIncident
  --scale <n>         times as much as in CI; 0.01 for a quick look
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

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'attack', ...new Set(ofVitest)],
  { stdio: 'inherit', env: { ...process.env, ...settings } },
);
process.exitCode = status ?? 1;
