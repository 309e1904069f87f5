import { spawn } from 'node:child_process';
import { environment, program, type Variables } from '../../platform/programs/run-brownie.ts';
import type { Finished } from '../../platform/programs/run-to-end.ts';

export interface Attempt {
  readonly variables: Variables;
  readonly directory: string;
  /** Told of the process as soon as it is there. */
  readonly onStart?: (pid: number) => void;
  /** A file is not let grow above so many blocks of 512 bytes: a disk that is full, for those who may not mount one. */
  readonly fileBlocksMax?: number;
}

/** Runs a command of `brownie` to its end, whatever its exit code. */
export async function attemptBrownie(
  args: readonly string[],
  { variables, directory, onStart, fileBlocksMax }: Attempt,
): Promise<Finished> {
  const command = [process.execPath, program, ...args];
  const limited = ['sh', '-c', `trap '' XFSZ; ulimit -f ${fileBlocksMax}; exec "$@"`, 'sh', ...command];
  const [file = '', ...rest] = fileBlocksMax === undefined ? command : limited;
  const child = spawn(file, rest, {
    cwd: directory,
    env: environment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (child.pid !== undefined) {
    onStart?.(child.pid);
  }
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
