import { spawn } from 'node:child_process';

/** A program and its arguments. */
export type Command = readonly [file: string, args: readonly string[]];

/** How a program ended, and the end of what it wrote to both outputs. */
export interface FinishedProgram {
  readonly succeeded: boolean;
  readonly output: string;
}

/**
 * All that PostgreSQL's programs get to see of the environment: the service's own holds secrets, and `PG*`
 * variables would change what the programs do.
 */
export const programEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Runs a short program to its end. Rejects with the system error when it cannot be started. */
export async function runProgram(
  [file, args]: Command,
  { input = '', outputLengthMax = 16_384 } = {},
): Promise<FinishedProgram> {
  const { promise, resolve, reject } = Promise.withResolvers<FinishedProgram>();
  const child = spawn(file, args, { env: programEnvironment, stdio: 'pipe' });
  child.on('error', reject);
  let output = '';
  const collect = (chunk: string) => {
    output = (output + chunk).slice(-outputLengthMax);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  // @NOTE A program that ends before it read everything is judged by its exit code, not by our broken pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.on('close', (code, signal) => {
    if (signal !== null) {
      output += `\nended by ${signal}`;
    }
    resolve({ succeeded: code === 0, output });
  });
  return await promise;
}
