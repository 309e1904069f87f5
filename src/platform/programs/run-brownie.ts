import { join } from 'node:path';
import { packageRoot } from '../system/package-root.ts';
import type { Variables } from './child-options.ts';
import { type Finished, type RunOptions, runFile } from './run-to-end.ts';

/** The executable of this repository. */
export const program = join(packageRoot, 'bin/brownie.cjs');

export interface BrownieOptions extends Pick<RunOptions, 'onStart'> {
  readonly variables: Variables;
  /** Where it runs: a folder without a `.env`. */
  readonly directory: string;
  /** A command that runs the rest of its arguments, for instance under a limit. */
  readonly wrapper?: readonly string[] | undefined;
}

/** Runs a command of `brownie` to its end, whatever its exit code. */
export async function finishBrownie(
  args: readonly string[],
  { variables, wrapper = [], ...options }: BrownieOptions,
): Promise<Finished> {
  const [file = process.execPath, ...rest] = [...wrapper, process.execPath, program, ...args];
  return await runFile(file, rest, { environment: variables, ...options });
}

/** As `finishBrownie`; answers what it wrote to standard output. Rejects with all that it wrote where it does not end with 0. */
export async function runBrownie(args: readonly string[], options: BrownieOptions): Promise<string> {
  const { code, stdout, stderr } = await finishBrownie(args, options);
  if (code !== 0) {
    throw new Error(`brownie ${args.join(' ')} ended with ${code}\n${stderr}${stdout}`);
  }
  return stdout;
}
