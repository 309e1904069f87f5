import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'rolldown';

// Builds sdk/dist, which is what its package holds: one small file of code, and the types of what it exports. `npm pack` in sdk/
// does it first.
const root = join(import.meta.dirname, '..');
const folder = join(root, 'sdk/dist');
const all = mkdtempSync(join(tmpdir(), 'brownie-sdk-'));
try {
  rmSync(folder, { recursive: true, force: true });
  await build({
    cwd: root,
    input: join(root, 'sdk/src/index.ts'),
    platform: 'neutral',
    logLevel: 'warn',
    output: { dir: folder, format: 'esm', entryFileNames: 'index.js', minify: true },
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'sdk'), '--outDir', all], {
    stdio: ['ignore', 2, 2],
  });
  process.exitCode = status ?? 1;
  if (status === 0) {
    copyTypes('index.d.ts');
  }
} finally {
  rmSync(all, { recursive: true });
}

/** Copies a file of types and those that it imports; what the rest are about is in the code alone. */
function copyTypes(file: string, copied = new Set<string>()): void {
  if (!copied.has(file)) {
    copied.add(file);
    const text = readFileSync(join(all, file), 'utf8');
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(
      join(folder, file),
      text.replace(/(from '\.[^']+)\.ts'/g, "$1.js'").replace(/^ {4,}/gm, tabs),
    );
    for (const [, path = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) {
      copyTypes(join(dirname(file), `${path}.d.ts`), copied);
    }
  }
}

function tabs(spaces: string): string {
  return '\t'.repeat(spaces.length / 4);
}
