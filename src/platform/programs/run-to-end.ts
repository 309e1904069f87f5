import { spawn } from 'node:child_process';
import { type ChildOptions, spawnOptions } from './child-options.ts';
import { programPath } from './find-program.ts';
import type { Ending } from './launch.ts';

/** How a program ended, and all that it wrote. */
export interface Finished extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions extends ChildOptions {
  /** What it reads. */
  readonly input?: string | undefined;
  /** Told of the process as soon as it is there. */
  readonly onStart?: ((pid: number) => void) | undefined;
}

/**
 * Runs a program to its end, whatever its exit code. Throws OperationError where it is not installed.
 * @param name looked up as `findProgram` does
 */
export async function runToEnd(
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return await runFile(await programPath(name), args, options);
}

/** As `runToEnd`, by the path of a program. Rejects with the system error where it cannot be started. */
export async function runFile(
  file: string,
  args: readonly string[],
  { input = '', onStart, ...options }: RunOptions = {},
): Promise<Finished> {
  const child = spawn(file, args, spawnOptions(options));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // @NOTE a program that ends before it has read everything is judged by its exit code, not by our broken pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  if (child.pid !== undefined) {
    onStart?.(child.pid);
  }
  return await promise;
}
