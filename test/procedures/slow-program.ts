import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { programPath } from '../../src/platform/programs/find-program.ts';

/** A program of the machine that stands still until it is let go, after a minute at the latest. */
export interface SlowProgram {
  /** With it first. */
  readonly PATH: string;
  /** Waits until somebody runs it. */
  readonly isRun: () => Promise<void>;
  readonly letGo: () => Promise<void>;
}

/** @param folder a new one */
export async function slowProgram(folder: string, name: string): Promise<SlowProgram> {
  const [program, run, go] = [join(folder, name), join(folder, 'run'), join(folder, 'go')];
  await mkdir(folder);
  await writeFile(
    program,
    `#!/bin/sh
touch '${run}'
waited=0
until [ -e '${go}' ] || [ $waited -ge 600 ]; do sleep 0.1; waited=$((waited + 1)); done
exec '${await programPath(name)}' "$@"
`,
  );
  await chmod(program, 0o755);
  return {
    PATH: `${folder}:${process.env['PATH']}`,
    isRun: () => expect.poll(() => access(run), { timeout: 30_000 }).toBeUndefined(),
    letGo: () => writeFile(go, ''),
  };
}
