import { floorPlan } from './boundaries/floor-plan.ts';
import { readImports, repository } from './boundaries/imports.ts';

/** The most modules of ours that a command may load before it does anything. */
const modulesMax = { 'src/commands/backup-create.ts': 60, 'src/commands/certs-rotate.ts': 45 };

// `npm run check:boundaries`: holds the imports to the fences of `.dependency-cruiser.mjs`, and counts rooms, floors, arrows and circles.
const { imports, violations } = await readImports(repository, [
  'src',
  'monitoring',
  'test',
  'scripts',
  'bench',
  'sdk',
]);
for (const { rule, from, to } of violations) {
  process.stdout.write(`${from} must not import ${to}: ${rule}\n`);
}
const plan = floorPlan(imports, modulesMax);
for (const { name, value, max, which } of plan) {
  const verdict = value <= max ? 'ok' : `too many: ${which.join(', ')}`;
  process.stdout.write(`${String(value).padStart(4)}  ${name} (at most ${max}): ${verdict}\n`);
}
process.stdout.write(`${violations.length} fences broken, ${imports.length} imports looked at\n`);
process.exitCode = violations.length > 0 || plan.some(({ value, max }) => value > max) ? 1 : 0;
