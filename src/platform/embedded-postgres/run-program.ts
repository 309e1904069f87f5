import { childEnvironment } from '../programs/child-options.ts';
import { runFile } from '../programs/run-to-end.ts';

/** A program and its arguments. */
export type Command = readonly [file: string, args: readonly string[]];

/** How a program ended, and the end of what it wrote to both outputs. */
export interface FinishedProgram {
  readonly succeeded: boolean;
  readonly output: string;
}

/**
 * What PostgreSQL's programs get to see of the environment. @NOTE the tools of the system wherever our own PATH leads, and the
 * one language whose words we read and every system has.
 */
export const programEnvironment = childEnvironment({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
});

/** Runs a short program to its end. Rejects with the system error when it cannot be started. */
export async function runProgram(
  [file, args]: Command,
  { input = '', outputLengthMax = 16_384 } = {},
): Promise<FinishedProgram> {
  const { code, signal, stdout, stderr } = await runFile(file, args, {
    environment: programEnvironment,
    input,
  });
  const output = (stdout + stderr).slice(-outputLengthMax);
  return { succeeded: code === 0, output: signal === null ? output : `${output}\nended by ${signal}` };
}
