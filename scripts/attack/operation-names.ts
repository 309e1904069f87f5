import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The name of every operation but the operator's, as the service's own document has them. */
export function operationIds(): readonly string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['src/bin/brownie.ts', 'openapi'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  const { paths } = JSON.parse(stdout) as { paths: Record<string, Record<string, Described>> };
  return Object.values(paths)
    .flatMap((path) => Object.values(path))
    .filter((operation) => operation['x-permission'] !== 'operator')
    .flatMap(({ operationId }) => operationId ?? []);
}

interface Described {
  readonly operationId?: string;
  readonly 'x-permission'?: string;
}

/** The three names that are written most like one that is none. */
export const nearestTo = (name: string, known: readonly string[]): readonly string[] =>
  known.toSorted((a, b) => distance(name, a) - distance(name, b)).slice(0, 3);

/** How many letters differ: Levenshtein's distance, whatever the case. */
function distance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...to].entries()) {
      next.push(
        Math.min((row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1, (row[at] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
